// What was billed and paid, what the books say, and who the company depends on.
import { Group, Select, Tabs } from "@mantine/core";
import { useState } from "react";
import { useMoment } from "../api/moment";
import { useRows } from "../api/queries";
import { Act } from "../parts/act";
import { Flows } from "../parts/flows";
import { Outlook } from "../parts/outlook";
import { Rows } from "../parts/rows";

function useCompany() {
  const { me } = useMoment();
  const sites = useRows("/v1/sites", {}, {}, !me.party);
  const parties = useRows("/v1/parties", {}, {}, !me.party);
  const [chosen, setChosen] = useState<string>();
  const company = chosen ?? me.party ?? sites.data?.rows[0]?.holder ?? "";
  const names = me.party ? [me.party] : (parties.data?.rows ?? []).map((party) => party.name);
  return { company, setChosen, names, whole: !me.party };
}

export default function Money() {
  const { company, setChosen, names, whole } = useCompany();
  const party = { party: company };
  return (
    <>
      <h1>Money</h1>
      {whole && (
        <Select
          label="The company whose money it is"
          w={280}
          data={names}
          value={company}
          onChange={(name) => setChosen(name ?? undefined)}
          searchable
          allowDeselect={false}
        />
      )}
      {company !== "" && (
        <Tabs defaultValue="invoices" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="invoices">Invoices</Tabs.Tab>
            <Tabs.Tab value="books">Books</Tabs.Tab>
            <Tabs.Tab value="outlook">Revenue and backlog</Tabs.Tab>
            <Tabs.Tab value="depends">Who it depends on</Tabs.Tab>
            {whole && <Tabs.Tab value="lenders">For lenders</Tabs.Tab>}
          </Tabs.List>
          <Tabs.Panel value="invoices">
            <Group gap="xs" mb="sm">
              <Act path="/v1/invoices/run" label="Run a month" ask={["through", "lessor", "period"]} />
              <Act path="/v1/prices" label="Set a price" />
              <Act path="/v1/promotions" label="Grant a promotion" />
            </Group>
            <Rows path="/v1/invoices" title="Invoices" empty="None was issued." />
          </Tabs.Panel>
          <Tabs.Panel value="books">
            <Rows path="/v1/books/{party}/trial" parts={party} title="Trial balance" empty="Nothing is booked." />
            <Rows path="/v1/books/{party}/ledger" parts={party} title="Ledger" empty="Nothing is booked." />
            {whole && <Rows path="/v1/reconciliation" title="Claimed and owed, tier by tier" empty="Nothing was billed." />}
          </Tabs.Panel>
          <Tabs.Panel value="outlook">
            <Outlook company={company} />
          </Tabs.Panel>
          <Tabs.Panel value="depends">
            <Flows company={company} />
            <Rows path="/v1/finance/{party}/concentration" parts={party} title="Customers" empty="It has none." />
            <Rows path="/v1/finance/{party}/circularity" parts={party} title="Customers who also supply, own or lend" empty="There is none." />
          </Tabs.Panel>
          {whole && (
            <Tabs.Panel value="lenders">
              <Rows path="/v1/tape/{party}" parts={party} title="The contract tape" empty="Nothing is let." />
              <Rows path="/v1/assets" title="Assets, liens, and what each earns under" empty="No server is registered." />
            </Tabs.Panel>
          )}
        </Tabs>
      )}
    </>
  );
}
