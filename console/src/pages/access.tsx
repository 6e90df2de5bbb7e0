import { Group } from "@mantine/core";
import type { Values } from "../api/client";
import { useMoment } from "../api/moment";
import { Act } from "../parts/act";
import type { Value } from "../parts/cells";
import { Rows } from "../parts/rows";

type AnyRow = Record<string, Value>;
const ofKey = (row: AnyRow) =>
  row.status === "revoked" ? null : <Act small path="/v1/keys/{key}/revoke" parts={{ key: String(row.name) }} label="Revoke" confirm={String(row.name)} />;
const ofUser = (row: AnyRow) => <Act small path="/v1/users/{email}/remove" parts={{ email: String(row.email) }} label="Remove" confirm={String(row.email)} />;
const ofWebhook = (row: AnyRow) => (
  <Group gap={4} wrap="nowrap">
    <Act small path="/v1/webhooks/{webhook}/replay" parts={{ webhook: String(row.name) }} label="Replay" />
    <Act small path="/v1/webhooks/{webhook}/remove" parts={{ webhook: String(row.name) }} label="Remove" confirm={String(row.name)} />
  </Group>
);

export default function Access() {
  const { me } = useMoment();
  const own: Values = me.party ? { party: me.party } : {};
  return (
    <>
      <Group justify="space-between">
        <h1>Keys and people</h1>
        <Group gap="xs">
          <Act path="/v1/keys" label="Make a key" ask={["role", "party", "expires"]} given={own} />
          <Act path="/v1/users" label="Let somebody in" ask={["role", "party"]} given={own} />
          <Act path="/v1/webhooks" label="Tell an address" ask={["kinds"]} given={own} />
        </Group>
      </Group>
      <Rows path="/v1/keys" title="Keys" actions={ofKey} />
      <Rows path="/v1/users" title="People who may sign in" actions={ofUser} empty="Nobody may yet." />
      <Rows path="/v1/webhooks" title="Webhooks" actions={ofWebhook} empty="Nobody is told." />
    </>
  );
}
