// A hall seen from above, and one of its rows from the front: how full racks are, how much of their
// power is drawn, and where servers are out of service.
import { Group, Select, Text } from "@mantine/core";
import { useState } from "react";
import type { Row as RowOf } from "../api/client";
import { useRows } from "../api/queries";
import { power } from "./cells";
import { Loaded } from "./states";

const UNIT = 4; // pixels a place
const WIDE = 74;
const GAP = 10;
const SQUARE = 30;
const MOST_RACKS = 5_000; // of a hall, beyond which the table is easier to read

interface Rack {
  name: string;
  row: string;
  units: number;
  filled: number;
  drawn: number;
  budget: number | undefined;
  bad: number;
}

const rackOf = (row: RowOf<"/v1/racks">): Rack => ({
  name: row.name,
  row: row.row,
  units: Number(row.units) || 0,
  filled: Number(row.filled) || 0,
  drawn: Number(row.drawn) || 0,
  budget: Number(row.budget) || undefined,
  bad: Number(row.servers) - Number(row.in_service),
});

const said = (rack: Rack) =>
  `${rack.name}: ${rack.filled} of ${rack.units || "unlimited"} places filled, ${power(rack.drawn)}${rack.budget ? ` of ${power(rack.budget)}` : ""} drawn${rack.bad > 0 ? `, ${rack.bad} servers out of service` : ""}`;
const load = (rack: Rack) => (rack.budget ? Math.min(1, rack.drawn / rack.budget) : rack.filled > 0 ? 1 : 0);

function byRow(racks: Rack[]): Map<string, Rack[]> {
  const rows = new Map<string, Rack[]>();
  for (const rack of racks) {
    const known = rows.get(rack.row);
    if (known) known.push(rack);
    else rows.set(rack.row, [rack]);
  }
  return rows;
}

function FromAbove({ rows, chosen, choose }: { rows: Map<string, Rack[]>; chosen: string; choose: (row: string) => void }) {
  const longest = Math.max(...[...rows.values()].map((racks) => racks.length));
  return (
    <div style={{ overflowX: "auto" }} tabIndex={0} role="group" aria-label="The hall from above">
      <svg width={120 + longest * (SQUARE + 4)} height={rows.size * (SQUARE + 12) + 6} className="racks">
        {[...rows].map(([name, racks], line) => (
          <g key={name} onClick={() => choose(name)} className="aisle">
            <text x={0} y={line * (SQUARE + 12) + SQUARE / 2 + 8} fontWeight={name === chosen ? 700 : 400}>
              {name}
            </text>
            {racks.map((rack, i) => (
              <g key={rack.name} role="img" aria-label={said(rack)}>
                <title>{said(rack)}</title>
                <rect
                  x={120 + i * (SQUARE + 4)}
                  y={line * (SQUARE + 12) + 4}
                  width={SQUARE}
                  height={SQUARE}
                  fill="var(--lh-promised)"
                  fillOpacity={0.12 + 0.88 * load(rack)}
                  stroke={rack.bad > 0 ? "var(--mantine-color-red-6)" : "var(--lh-line)"}
                  strokeWidth={rack.bad > 0 ? 3 : 1}
                />
              </g>
            ))}
          </g>
        ))}
      </svg>
    </div>
  );
}

function Elevation({ rack, x, height }: { rack: Rack; x: number; height: number }) {
  const units = Math.max(rack.units, rack.filled, 1);
  const drawn = rack.budget ? Math.min(1, rack.drawn / rack.budget) : 0;
  return (
    <g role="img" aria-label={said(rack)}>
      <title>{said(rack)}</title>
      <rect x={x} y={height - units * UNIT} width={WIDE - 12} height={units * UNIT} fill="none" stroke={rack.bad > 0 ? "var(--mantine-color-red-6)" : "var(--lh-line)"} strokeWidth={2} />
      <rect x={x + 2} y={height - rack.filled * UNIT} width={WIDE - 16} height={rack.filled * UNIT} fill="var(--lh-promised)" />
      <rect x={x + WIDE - 9} y={height - units * UNIT} width={5} height={units * UNIT} fill="var(--lh-line)" />
      <rect x={x + WIDE - 9} y={height - units * UNIT * drawn} width={5} height={units * UNIT * drawn} fill={drawn > 0.97 ? "var(--mantine-color-red-6)" : "var(--lh-hold)"} />
      <text x={x} y={height + 14}>
        {rack.name}
      </text>
    </g>
  );
}

function FromTheFront({ name, racks }: { name: string; racks: Rack[] }) {
  const tallest = Math.max(...racks.map((rack) => Math.max(rack.units, rack.filled, 1)));
  const height = tallest * UNIT;
  return (
    <figure className="picture" style={{ margin: 0 }}>
      <figcaption className="aside">Row {name}, from the front; at the right of each rack its power</figcaption>
      <div style={{ overflowX: "auto" }} tabIndex={0} role="group" aria-label={`Racks of row ${name}`}>
        <svg width={racks.length * (WIDE + GAP)} height={height + 20} className="racks">
          {racks.map((rack, i) => (
            <Elevation key={rack.name} rack={rack} x={i * (WIDE + GAP)} height={height} />
          ))}
        </svg>
      </div>
    </figure>
  );
}

function Hall({ hall }: { hall: RowOf<"/v1/halls"> }) {
  const answer = useRows("/v1/racks", {}, { hall: hall.name });
  const [row, setRow] = useState<string>();
  return (
    <Loaded of={answer}>
      {() => {
        const rows = byRow((answer.data?.rows ?? []).slice(0, MOST_RACKS).map(rackOf));
        const chosen = row !== undefined && rows.has(row) ? row : [...rows.keys()][0];
        if (chosen === undefined) return <Text c="dimmed">No rack stands in it.</Text>;
        const budget = Number(hall.budget);
        return (
          <>
            <figure className="picture" style={{ margin: "0 0 1rem" }}>
              <figcaption className="aside">
                {hall.name} at {hall.site}: {power(Number(hall.drawn))}
                {budget ? ` of ${power(budget)}` : ""} drawn, {hall.racks}
                {Number(hall.rack_positions) ? ` of ${hall.rack_positions}` : ""} rack positions filled. The darker, the more of its power a rack draws; red: servers
                are out of service
              </figcaption>
              <FromAbove rows={rows} chosen={chosen} choose={setRow} />
            </figure>
            <Select label="Row" w={220} mb="sm" data={[...rows.keys()]} value={chosen} onChange={(name) => name && setRow(name)} allowDeselect={false} />
            <FromTheFront name={chosen} racks={rows.get(chosen)!} />
          </>
        );
      }}
    </Loaded>
  );
}

export function Elevations() {
  const halls = useRows("/v1/halls");
  const [chosen, setChosen] = useState<string>();
  return (
    <Loaded of={halls}>
      {() => {
        const rows = halls.data?.rows ?? [];
        const hall = rows.find(({ name }) => name === chosen) ?? rows[0];
        if (!hall) return null;
        return (
          <>
            <Group>
              <Select label="Hall" w={280} data={rows.map(({ name }) => name)} value={hall.name} onChange={(name) => name && setChosen(name)} searchable allowDeselect={false} />
            </Group>
            <Hall key={hall.name} hall={hall} />
          </>
        );
      }}
    </Loaded>
  );
}
