// A button for a change, and the dialog that asks what it has to be told, as the API's document says.
// It may be looked at before it is done: what would happen is said, and nothing kept.
import { Autocomplete, Button, Checkbox, FileInput, Group, Modal, Text, TextInput } from "@mantine/core";
import { createContext, lazy, Suspense, useContext, useRef, useState, type ReactNode } from "react";
import { actionOf, mayChange, newRequestKey, type ActionPath, type Done, type Nearest, type Problem, type Values } from "../api/client";
import type { Field } from "../api/made/actions";
import { useMoment } from "../api/moment";
import { useChange } from "../api/queries";
import { moment } from "./cells";
import { Refused, Waiting } from "./states";

const BeforeAfter = lazy(() => import("./before_after"));

interface Props {
  path: ActionPath;
  label: string;
  /** What fills the braces of the path. */
  parts?: Values;
  /** What is told without being asked. */
  given?: Values;
  /** What stands in the fields at first. */
  preset?: Record<string, string>;
  /** Fields that are asked for besides those that are required; the others are under "More". */
  ask?: string[];
  /** What may be meant, by field. */
  suggest?: Record<string, string[]>;
  /** A name that must be typed: it cannot be undone. */
  confirm?: string | undefined;
  small?: boolean;
}

const titled = (name: string) => (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll("_", " ");

// What the answer said would fit, in the words of the fields.
function alternative(nearest: Nearest): Record<string, string> {
  const open = nearest.until === "open" || nearest.until.startsWith("9");
  return {
    quantity: `${nearest.atoms} accelerators`,
    start: nearest.from.slice(0, 10),
    ...(open ? {} : { end: nearest.until.slice(0, 10) }),
    ...(nearest.account ? { pool: nearest.account } : {}),
  };
}

export function Alternatives({ problem, take }: { problem: Problem; take: (values: Record<string, string>) => void }) {
  if (problem.nearest.length === 0) return null;
  return (
    <Group gap={6} mt="xs" aria-label="What would fit" role="group">
      {problem.nearest.map((nearest) => (
        <Button
          key={`${nearest.kind}-${nearest.account ?? ""}-${nearest.from}`}
          size="compact-sm"
          variant="light"
          onClick={() => take(alternative(nearest))}
        >
          {nearest.kind}: {nearest.atoms.toLocaleString("en-US")} {nearest.account ? `of ${nearest.account} ` : ""}from {moment(nearest.from)}
        </Button>
      ))}
    </Group>
  );
}

interface FieldProps {
  field: Field;
  value: Values[string] | undefined;
  set: (value: Values[string]) => void;
  suggest: string[] | undefined;
}

function OneField({ field, value, set, suggest }: FieldProps) {
  const about = { label: titled(field.name), description: field.help, required: field.required };
  if (field.kind === "flag")
    return <Checkbox mt="xs" label={about.label} description={about.description} checked={value === true} onChange={(event) => set(event.currentTarget.checked)} />;
  if (field.kind === "file")
    return <FileInput {...about} onChange={(file) => void file?.text().then(set)} />;
  if (suggest) return <Autocomplete {...about} data={suggest} value={String(value ?? "")} onChange={set} />;
  return <TextInput {...about} value={String(value ?? "")} onChange={(event) => set(event.currentTarget.value)} autoComplete="off" />;
}

function Fields({ fields, values, set, suggest }: { fields: Field[]; values: Values; set: (name: string, value: Values[string]) => void; suggest: Record<string, string[]> }): ReactNode {
  return fields.map((field) => (
    <OneField key={field.name} field={field} value={values[field.name]} set={(value) => set(field.name, value)} suggest={suggest[field.name]} />
  ));
}

function Meaning({ rows }: { rows: Done["rows"] }) {
  const names = Object.keys(rows[0] ?? {});
  if (names.length === 0) return null;
  if (names.includes("promised_after"))
    return (
      <Suspense fallback={<Waiting />}>
        <BeforeAfter rows={rows} />
      </Suspense>
    );
  return (
    <div className="rows" tabIndex={0} role="region" aria-label="What it means">
      <table>
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name} scope="col">
                {name.replaceAll("_", " ")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={JSON.stringify(row)}>
              {names.map((name) => (
                <td key={name}>{row[name]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Result({ done, dry }: { done: Done; dry: boolean }) {
  return (
    <div role="status">
      {dry && <Text size="sm" fw={600} mt="sm">It would happen:</Text>}
      <Text size="sm" className="lines">
        {done.facts.join("\n")}
      </Text>
      <Meaning rows={done.rows} />
      {done.secret && (
        <Text size="sm" mt="xs">
          Its secret, which is shown only now: <code>{done.secret}</code>
        </Text>
      )}
    </div>
  );
}

function Dialog({ path, label, parts = {}, given = {}, preset = {}, ask = [], suggest = {}, confirm, close }: Props & { close: () => void }) {
  const fields = actionOf(path).fields.filter((field) => !(field.name in given));
  const first = fields.filter((field) => field.required || ask.includes(field.name));
  const rest = fields.filter((field) => !first.includes(field));
  const [values, setValues] = useState<Values>(preset);
  const [typed, setTyped] = useState("");
  const last = useRef({ sent: "", requestKey: "" });
  const change = useChange(path);
  const dry = change.variables?.dryRun === true;
  const set = (name: string, value: Values[string]) => setValues((known) => ({ ...known, [name]: value }));
  const send = (dryRun: boolean) => {
    const told = Object.entries({ ...given, ...values }).filter(([, value]) => value !== "" && value !== false);
    const body = Object.fromEntries(told);
    // Asked again after an answer that was lost, the same thing is done once.
    const sent = JSON.stringify([body, dryRun]);
    if (sent !== last.current.sent) last.current = { sent, requestKey: newRequestKey() };
    change.mutate({ parts, body, dryRun, requestKey: last.current.requestKey });
  };
  const done = change.isSuccess && !dry;
  return (
    <Modal opened onClose={close} title={label} size="lg" lockScroll={false} closeButtonProps={{ "aria-label": "Close" }}>
      {done ? (
        <>
          <Result done={change.data} dry={false} />
          <Group justify="flex-end" mt="md">
            <Button onClick={close}>Done</Button>
          </Group>
        </>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            send(false);
          }}
        >
          <Fields fields={first} values={values} set={set} suggest={suggest} />
          {rest.length > 0 && (
            <details>
              <summary>More</summary>
              <Fields fields={rest} values={values} set={set} suggest={suggest} />
            </details>
          )}
          {confirm !== undefined && (
            <TextInput label={`Type ${confirm} to confirm`} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" />
          )}
          {change.isPending && <Waiting what={dry ? "Trying it out" : "Working"} />}
          {change.error && <Refused problem={change.error} />}
          {change.error && <Alternatives problem={change.error} take={(fit) => setValues((known) => ({ ...known, ...fit }))} />}
          {change.isSuccess && <Result done={change.data} dry />}
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={() => send(true)} loading={change.isPending && dry}>
              Preview
            </Button>
            <Button type="submit" disabled={confirm !== undefined && typed !== confirm} loading={change.isPending && !dry}>
              {label}
            </Button>
          </Group>
        </form>
      )}
    </Modal>
  );
}

const Opened = createContext<(action: Props) => void>(() => undefined);

/** Has the dialog of whatever is inside: a row that has changed may no longer have its button. */
export function Acting({ children }: { children: ReactNode }) {
  const [action, setAction] = useState<Props>();
  return (
    <Opened value={setAction}>
      {children}
      {action && <Dialog {...action} close={() => setAction(undefined)} />}
    </Opened>
  );
}

export function Act(props: Props) {
  const { me, at } = useMoment();
  const open = useContext(Opened);
  if (!mayChange(me, props.path)) return null;
  return (
    <Button
      size={props.small ? "compact-xs" : "compact-sm"}
      variant="default"
      disabled={at !== undefined}
      title={at ? "Another moment is shown: only now can be changed" : undefined}
      onClick={() => open(props)}
    >
      {props.label}
    </Button>
  );
}
