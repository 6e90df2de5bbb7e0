// One lease: its tranches, what is sublet of it, where its servers are, what it is billed.
import { Anchor, Group } from "@mantine/core";
import { useMemo } from "react";
import { Link, useParams } from "wouter";
import { useMoment } from "../api/moment";
import { useRows } from "../api/queries";
import { Act } from "../parts/act";
import { leaseOf, shown } from "../parts/cells";
import { Rows } from "../parts/rows";
import { Loaded } from "../parts/states";

function useLines(lease: string) {
  const leases = useRows("/v1/leases");
  const own = useMemo(
    () => (leases.data?.rows ?? []).filter((row) => leaseOf(row.line) === lease),
    [leases.data, lease],
  );
  return { leases, own };
}

function Lines({ lease }: { lease: string }) {
  const { leases, own } = useLines(lease);
  return (
    <Loaded of={leases}>
      {() => (
        <>
          {own.map((line) => (
            <section key={line.line} className="card" aria-label={line.line}>
              <h2>
                <Anchor component={Link} href={`/calendar/${encodeURIComponent(line.line)}`} inherit>
                  {line.line}
                </Anchor>
              </h2>
              <div className="figure">
                {shown(line.runs_then, "number")}{" "}
                <span className="aside">
                  of{" "}
                  {line.source ? (
                    <Anchor component={Link} href={`/calendar/${encodeURIComponent(line.source)}`} inherit>
                      {line.source}
                    </Anchor>
                  ) : (
                    "the lessor's"
                  )}{" "}
                  run at this moment
                </span>
              </div>
              <div className="aside">
                {line.lessor} leases to {line.lessee}, {shown(line.from, "moment")} to {shown(line.until, "moment")}; {line.price}; use: {line.use.replaceAll("_", " ")}
              </div>
              <Group gap={6} mt="xs">
                <Act small path="/v1/lines/{line}/amend" parts={{ line: line.line }} label="Amend" ask={["until", "from", "quantity"]} />
                <Act small path="/v1/lines/{line}/accept" parts={{ line: line.line }} label="Accept a tranche" />
                <Act
                  small
                  path="/v1/subleases"
                  label="Sublease from it"
                  preset={{ from_line: line.line, quantity: "1 server", price: "4 USD/accelerator-hour" }}
                  ask={["name", "term", "price"]}
                />
              </Group>
            </section>
          ))}
        </>
      )}
    </Loaded>
  );
}

export default function Lease() {
  const lease = decodeURIComponent(useParams<{ lease: string }>().lease);
  const { me } = useMoment();
  const sides = useLines(lease).own[0];
  return (
    <>
      <Group justify="space-between">
        <h1>Lease {lease}</h1>
        <Group gap="xs">
          <Act path="/v1/leases/{lease}/notice" parts={{ lease }} label="Give notice" confirm={lease} />
          <Act path="/v1/leases/{lease}/renew" parts={{ lease }} label="Renew" />
          <Act path="/v1/leases/{lease}/assign" parts={{ lease }} label="Assign" confirm={lease} />
          <Act path="/v1/leases/{lease}/terminate" parts={{ lease }} label="Terminate" confirm={lease} />
        </Group>
      </Group>
      <Lines lease={lease} />
      <Rows path="/v1/leases/{lease}" parts={{ lease }} title="Tranches" />
      <Rows path="/v1/subleases" query={{ "source.contains": `${lease}.` }} title="Sublet from it" empty="Nothing is sublet." />
      {!me.party && <Rows path="/v1/placements" query={{ "line.contains": `${lease}.` }} title="Where its servers are" empty="No server is placed." />}
      {sides && <Rows path="/v1/spend/{party}" parts={{ party: sides.lessee }} query={{ "for.contains": `${lease}.` }} title="Used and paid, by day" empty="Nothing is owed in this month." />}
      <Rows path="/v1/usage" query={{ "lease.contains": lease }} title="What meters counted" empty="Nothing was counted." />
      {sides && <Rows path="/v1/invoices" query={{ lessor: sides.lessor, lessee: sides.lessee }} title="Invoices between its sides" empty="None was issued." />}
      <Rows path="/v1/journal" query={{ about: lease }} title="The facts behind it" />
    </>
  );
}
