import { Group } from "@mantine/core";
import { Act } from "../parts/act";
import { Rows } from "../parts/rows";
import { Quotes } from "../parts/quotes";

export default function Leases() {
  return (
    <>
      <Group justify="space-between">
        <h1>Leases</h1>
        <Group gap="xs">
          <Act path="/v1/quotes" label="Quote" ask={["name", "term", "price"]} />
          <Act path="/v1/leases" label="Sign a lease" ask={["name", "term", "price"]} />
        </Group>
      </Group>
      <Rows path="/v1/leases" title="Lines of leases" empty="None runs at this moment." />
      <Quotes />
      <Rows path="/v1/subleases" title="Lines of subleases" empty="None runs at this moment." />
      <Rows path="/v1/commitments" title="Spend commitments" />
      <Rows path="/v1/idle" title="What idles, and what it costs" />
    </>
  );
}
