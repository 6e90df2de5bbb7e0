// From a quote to a lease.
import { Group } from "@mantine/core";
import { Act } from "./act";
import type { Value } from "./cells";
import { Rows } from "./rows";

// In a function of the module, so that the table is not made anew each time.
function steps(row: Record<string, Value>) {
  const quote = String(row.name || row.id);
  const open = row.status === "open";
  const held = row.status === "held";
  return (
    <Group gap={4} wrap="nowrap">
      {open && <Act small path="/v1/quotes/{quote}/hold" parts={{ quote }} label="Hold" preset={{ for: "14 days" }} />}
      {(open || held) && <Act small path="/v1/quotes/{quote}/sign" parts={{ quote }} label="Sign" confirm={quote} />}
      {held && <Act small path="/v1/quotes/{quote}/release" parts={{ quote }} label="Release" />}
    </Group>
  );
}

export function Quotes() {
  return <Rows path="/v1/quotes" title="Quotes" actions={steps} empty="Nothing is quoted." />;
}
