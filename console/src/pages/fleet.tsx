import { Tabs } from "@mantine/core";
import { Rows } from "../parts/rows";

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
          <Rows path="/v1/racks" title="Racks" empty="None was set up." />
          <Rows path="/v1/pods" title="Pods" empty="None was set up." />
        </Tabs.Panel>
        <Tabs.Panel value="servers">
          <Rows path="/v1/servers" title="Servers" empty="None was registered." />
          <Rows path="/v1/placements" title="Placements" empty="No line has servers yet." />
        </Tabs.Panel>
        <Tabs.Panel value="bad">
          <Rows path="/v1/servers/bad" title="Servers out of service" empty="Every server is well." />
          <Rows path="/v1/outages" title="Outages" empty="There was none." />
        </Tabs.Panel>
        <Tabs.Panel value="maintenance">
          <Rows path="/v1/maintenance" title="Planned work" empty="None is planned." />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
