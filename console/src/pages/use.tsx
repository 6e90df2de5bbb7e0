// What a tenant runs and what it used.
import { Button, Group, Select, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { useState } from "react";
import { maySee } from "../api/client";
import { useMoment } from "../api/moment";
import { useRows } from "../api/queries";
import { Act } from "../parts/act";
import type { Value } from "../parts/cells";
import { Rows } from "../parts/rows";
import { Budgets, Spend } from "../parts/spend";

function ofInstance(row: Record<string, Value>) {
  const instance = String(row.name);
  if (row.state === "ended") return null;
  return (
    <Group gap={4} wrap="nowrap">
      <Act small path="/v1/instances/{instance}/label" parts={{ instance }} label="Label" />
      <Act small path="/v1/instances/{instance}/restart" parts={{ instance }} label="Restart" />
      <Act small path="/v1/instances/{instance}/end" parts={{ instance }} label="End" confirm={instance} />
    </Group>
  );
}

const ofKey = (row: Record<string, Value>) => <Act small path="/v1/ssh-keys/{key}/remove" parts={{ key: String(row.name) }} label="Remove" confirm={String(row.name)} />;
const ofFiles = (row: Record<string, Value>) => (
  <Act small path="/v1/file-systems/{file_system}/delete" parts={{ file_system: String(row.name) }} label="Delete" confirm={String(row.name)} />
);

function Connect({ command }: { command: string }) {
  const clipboard = useClipboard();
  return (
    <Group gap={6} wrap="nowrap">
      <code>{command}</code>
      <Tooltip label="Copy it">
        <Button size="compact-xs" variant="default" onClick={() => clipboard.copy(command)}>
          {clipboard.copied ? "Copied" : "Copy"}
        </Button>
      </Tooltip>
    </Group>
  );
}
const reached = (row: Record<string, Value>) => (row.ip ? <Connect command={`ssh ubuntu@${row.ip}`} /> : null);

// Whose use it is: of people of a party its own, of others whoever is chosen.
function useParty() {
  const { me } = useMoment();
  const leases = useRows("/v1/leases");
  const parties = useRows("/v1/parties", {}, {}, !me.party);
  const [chosen, choose] = useState<string>();
  const first = leases.data?.rows[0]?.lessee ?? parties.data?.rows[0]?.name ?? "";
  const names = [...new Set([...(parties.data?.rows ?? []).map((row) => row.name), first])].filter((name) => name !== "");
  return { party: me.party ?? chosen ?? first, names: me.party ? [] : names, choose };
}

export default function Use() {
  const { me } = useMoment();
  const { party, names, choose } = useParty();
  const pools = useRows("/v1/free", {}, { open: true });
  const lines = useRows("/v1/leases");
  const accounts = [...(lines.data?.rows ?? []).map((row) => row.line), ...(pools.data?.rows ?? []).map((row) => row.account)];
  const own: Record<string, string> = me.party ? { tenant: me.party } : {};
  return (
    <>
      <Group justify="space-between">
        <h1>Instances and usage</h1>
        <Group gap="xs">
          <Act
            path="/v1/instances"
            label="Launch an instance"
            given={own}
            preset={{ kind: "on_demand", servers: "1" }}
            ask={["account", "kind", "name", "servers"]}
            suggest={{ account: [...new Set(accounts)] }}
          />
          <Act path="/v1/ssh-keys" label="Add an SSH key" given={me.party ? { party: me.party } : {}} />
          <Act path="/v1/file-systems" label="Make a file system" given={me.party ? { party: me.party } : {}} />
        </Group>
      </Group>
      <Rows path="/v1/instances" title="Instances" actions={ofInstance} empty="None was launched." />
      <Rows path="/v1/conditions" title="How they are, and where they are reached" actions={reached} empty="None runs." />
      {maySee(me, "/v1/spend/{party}") && party !== "" && (
        <>
          {names.length > 0 && <Select label="Whose cost" w={280} data={names} value={party} onChange={(name) => name && choose(name)} searchable allowDeselect={false} />}
          <Spend key={party} party={party} />
          <Budgets party={party} />
        </>
      )}
      <Rows path="/v1/usage" title="What meters counted" empty="Nothing was counted." />
      <Rows path="/v1/quotas" title="Limits on demand" empty="Nobody is limited." />
      <Rows path="/v1/file-systems" title="File systems" actions={ofFiles} />
      <Rows path="/v1/ssh-keys" title="SSH keys" actions={ofKey} />
    </>
  );
}
