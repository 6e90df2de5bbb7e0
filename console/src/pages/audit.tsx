import { Tabs } from "@mantine/core";
import { Rows } from "../parts/rows";

export default function Audit() {
  return (
    <>
      <h1>Audit</h1>
      <Tabs defaultValue="trail" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="trail">Who did what, and who was refused</Tabs.Tab>
          <Tabs.Tab value="proof">The proof that nothing is sold twice</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="trail">
          <Rows path="/v1/audit" query={{ sort: "-at" }} title="The trail" />
        </Tabs.Panel>
        <Tabs.Panel value="proof">
          <Rows path="/v1/proof" title="Each account, over all its time" />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
