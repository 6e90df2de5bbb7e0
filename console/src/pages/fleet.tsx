// Where the servers are, what power they have, how they are and what will be done to them.
import { Group, Tabs } from "@mantine/core";
import { Act } from "../parts/act";
import type { Value } from "../parts/cells";
import { Elevations } from "../parts/elevations";
import { Rows } from "../parts/rows";

const REPLACED = { kind: "server_replaced", sort: "-sequence" };
const ofServer = (row: Record<string, Value>) => <Act small path="/v1/servers/move" given={{ servers: [String(row.serial)] }} label="Move" ask={["reason"]} />;
const ofWork = (row: Record<string, Value>) =>
  row.status === "planned" ? <Act small path="/v1/maintenance/{maintenance}/cancel" parts={{ maintenance: String(row.id) }} label="Cancel" confirm={String(row.id)} /> : null;

export default function Fleet() {
  return (
    <>
      <h1>Fleet</h1>
      <Tabs defaultValue="sites" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="sites">Sites and power</Tabs.Tab>
          <Tabs.Tab value="racks">Racks</Tabs.Tab>
          <Tabs.Tab value="servers">Servers</Tabs.Tab>
          <Tabs.Tab value="bad">Out of service</Tabs.Tab>
          <Tabs.Tab value="maintenance">Maintenance</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="sites">
          <Rows path="/v1/sites" title="Sites" />
          <Rows path="/v1/headroom" title="Room to grow, month by month" />
          <Rows path="/v1/head-leases" title="Head leases" />
        </Tabs.Panel>
        <Tabs.Panel value="racks">
          <Elevations />
          <Rows path="/v1/racks" title="Racks" empty="None was set up." />
          <Rows path="/v1/pods" title="Pods" empty="None was set up." />
        </Tabs.Panel>
        <Tabs.Panel value="servers">
          <Rows path="/v1/servers" title="Servers" actions={ofServer} empty="None was registered." />
          <Rows path="/v1/placements" title="Placements" empty="No line has servers yet." />
        </Tabs.Panel>
        <Tabs.Panel value="bad">
          <Rows path="/v1/servers/bad" title="Servers out of service" empty="Every server is well." />
          <Rows path="/v1/journal" query={REPLACED} title="What took the place of what" empty="Nothing had to." />
          <Rows path="/v1/outages" title="Outages" empty="There was none." />
        </Tabs.Panel>
        <Tabs.Panel value="maintenance">
          <Group mb="sm">
            <Act path="/v1/maintenance" label="Plan work" ask={["reason"]} />
          </Group>
          <Rows path="/v1/maintenance" title="Planned work" actions={ofWork} empty="None is planned." />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
