// From a quote to a lease: held, released or signed, each after one more word.
import { Button, Group, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import { useMoment } from "../api/moment";
import { useChange } from "../api/queries";
import type { Value } from "./cells";
import { Confirmed } from "./confirmed";
import { Rows } from "./rows";

const STEPS: Record<string, string[]> = { open: ["hold", "sign"], held: ["sign", "release"] };

export function Quotes() {
  const [asked, setAsked] = useState<{ quote: string; step: string }>();
  const [term, setTerm] = useState("14 days");
  const { me } = useMoment();
  const may = me.changes.includes("contract");
  const actions = useMemo(
    () => (row: Record<string, Value>) => (
      <Group gap={4} wrap="nowrap">
        {(may ? (STEPS[String(row.status)] ?? []) : []).map((step) => (
          <Button key={step} size="compact-xs" variant="default" onClick={() => setAsked({ quote: String(row.name || row.id), step })}>
            {step}
          </Button>
        ))}
      </Group>
    ),
    [may],
  );
  const hold = useChange("/v1/quotes/{quote}/hold");
  const sign = useChange("/v1/quotes/{quote}/sign");
  const release = useChange("/v1/quotes/{quote}/release");
  const changes: Record<string, typeof hold> = { hold, sign, release };
  const change = asked && changes[asked.step];
  return (
    <>
      <Rows path="/v1/quotes" title="Quotes" actions={actions} empty="Nothing is quoted." />
      {asked && change && (
        <Confirmed
          title={`${asked.step} ${asked.quote}`}
          name={asked.step === "hold" ? undefined : asked.quote}
          change={change}
          act={() => change.mutate({ parts: { quote: asked.quote }, body: asked.step === "hold" ? { for: term } : {} })}
          close={() => {
            change.reset();
            setAsked(undefined);
          }}
        >
          {asked.step === "hold" && <TextInput label="For how long" value={term} onChange={(event) => setTerm(event.currentTarget.value)} required />}
        </Confirmed>
      )}
    </>
  );
}
