// What a tenant runs and what it used.
import { Autocomplete, Button, Group, Modal, NumberInput, Select, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import { useMoment } from "../api/moment";
import { useChange, useRows } from "../api/queries";
import type { Value } from "../parts/cells";
import { Confirmed } from "../parts/confirmed";
import { Rows } from "../parts/rows";
import { Refused } from "../parts/states";

const KINDS = [
  { value: "committed", label: "In a lease" },
  { value: "on_demand", label: "On demand" },
];

function Launch({ close }: { close: () => void }) {
  const { me } = useMoment();
  const pools = useRows("/v1/free", {}, { open: true });
  const lines = useRows("/v1/leases");
  const [account, setAccount] = useState("");
  const [kind, setKind] = useState("committed");
  const [name, setName] = useState("");
  const [tenant, setTenant] = useState(me.party ?? "");
  const [servers, setServers] = useState<number | string>(1);
  const launch = useChange("/v1/instances");
  const choices =
    kind === "committed" ? (lines.data?.rows ?? []).map((row) => row.line) : (pools.data?.rows ?? []).map((row) => row.account);
  return (
    <Modal opened onClose={close} title="Launch an instance" lockScroll={false} closeButtonProps={{ "aria-label": "Close" }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          launch.mutate({ body: { name, tenant, account, kind, servers } }, { onSuccess: close });
        }}
      >
        <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} required data-autofocus />
        <TextInput label="Tenant" value={tenant} onChange={(event) => setTenant(event.currentTarget.value)} required disabled={me.party !== undefined} />
        <Select label="How it is paid" data={KINDS} value={kind} onChange={(chosen) => setKind(chosen ?? "committed")} allowDeselect={false} />
        <Autocomplete
          label={kind === "committed" ? "Line" : "Pool"}
          description={kind === "committed" ? "Of a lease, such as comet.1" : "What is free is on the calendar"}
          data={[...new Set(choices)]}
          value={account}
          onChange={setAccount}
          required
        />
        <NumberInput label="Servers" min={1} value={servers} onChange={setServers} required />
        {launch.error && <Refused problem={launch.error} />}
        <Group justify="flex-end" mt="md">
          <Button type="submit" loading={launch.isPending}>
            Launch
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

function Instances() {
  const [ends, setEnds] = useState<string>();
  const [launches, setLaunches] = useState(false);
  const end = useChange("/v1/instances/{instance}/end");
  const { me } = useMoment();
  const may = me.changes.includes("use");
  const actions = useMemo(
    () => (row: Record<string, Value>) =>
      may &&
      row.state === "running" && (
        <Button size="compact-xs" variant="default" onClick={() => setEnds(String(row.name))}>
          end
        </Button>
      ),
    [may],
  );
  return (
    <>
      <div>
        <Button disabled={!may} onClick={() => setLaunches(true)}>Launch an instance</Button>
      </div>
      <Rows path="/v1/instances" title="Instances" actions={actions} empty="None was launched." />
      {launches && <Launch close={() => setLaunches(false)} />}
      {ends !== undefined && (
        <Confirmed
          title={`End ${ends}`}
          name={ends}
          change={end}
          act={() => end.mutate({ parts: { instance: ends }, body: {} })}
          close={() => {
            end.reset();
            setEnds(undefined);
          }}
        />
      )}
    </>
  );
}

export default function Use() {
  return (
    <>
      <h1>Instances and usage</h1>
      <Instances />
      <Rows path="/v1/usage" title="What was used" empty="Nothing was counted." />
      <Rows path="/v1/quotas" title="Limits on demand" empty="Nobody is limited." />
      <Rows path="/v1/file-systems" title="File systems" />
      <Rows path="/v1/ssh-keys" title="SSH keys" />
    </>
  );
}
