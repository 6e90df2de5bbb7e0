// What a tenant runs and what it used.
import { Group } from "@mantine/core";
import { useMoment } from "../api/moment";
import { useRows } from "../api/queries";
import { Act } from "../parts/act";
import type { Value } from "../parts/cells";
import { Rows } from "../parts/rows";

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

const reached = (row: Record<string, Value>) => (row.ip ? <code>ssh ubuntu@{row.ip}</code> : null);

export default function Use() {
  const { me } = useMoment();
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
      <Rows path="/v1/usage" title="What was used" empty="Nothing was counted." />
      <Rows path="/v1/quotas" title="Limits on demand" empty="Nobody is limited." />
      <Rows path="/v1/file-systems" title="File systems" actions={ofFiles} />
      <Rows path="/v1/ssh-keys" title="SSH keys" actions={ofKey} />
    </>
  );
}
