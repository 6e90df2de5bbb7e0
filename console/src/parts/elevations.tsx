// Racks as they stand in their rows: how full they are, and how much of their power is drawn.
import { useRows } from "../api/queries";
import { power } from "./cells";
import { Loaded } from "./states";

const UNIT = 4; // pixels a place
const WIDE = 74;
const GAP = 10;
const MOST_RACKS = 120; // of one row, beyond which the table is easier to read

interface Rack {
  name: string;
  row: string;
  units: number;
  filled: number;
  drawn: number;
  budget: number | undefined;
}

function Elevation({ rack, x, height }: { rack: Rack; x: number; height: number }) {
  const units = Math.max(rack.units, rack.filled, 1);
  const drawn = rack.budget ? Math.min(1, rack.drawn / rack.budget) : 0;
  const said = `${rack.name}: ${rack.filled} of ${rack.units || "unlimited"} places filled, ${power(rack.drawn)}${rack.budget ? ` of ${power(rack.budget)}` : ""} drawn`;
  return (
    <g role="img" aria-label={said}>
      <title>{said}</title>
      <rect x={x} y={height - units * UNIT} width={WIDE - 12} height={units * UNIT} fill="none" stroke="var(--lh-line)" strokeWidth={2} />
      <rect x={x + 2} y={height - rack.filled * UNIT} width={WIDE - 16} height={rack.filled * UNIT} fill="var(--lh-promised)" />
      <rect x={x + WIDE - 9} y={height - units * UNIT} width={5} height={units * UNIT} fill="var(--lh-line)" />
      <rect x={x + WIDE - 9} y={height - units * UNIT * drawn} width={5} height={units * UNIT * drawn} fill={drawn > 0.9 ? "var(--mantine-color-red-6)" : "var(--lh-hold)"} />
      <text x={x} y={height + 14}>
        {rack.name}
      </text>
    </g>
  );
}

function Row({ name, racks }: { name: string; racks: Rack[] }) {
  const tallest = Math.max(...racks.map((rack) => Math.max(rack.units, rack.filled, 1)));
  const height = tallest * UNIT;
  return (
    <figure className="picture" style={{ margin: 0 }}>
      <figcaption className="aside">Row {name}</figcaption>
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

export function Elevations() {
  const answer = useRows("/v1/racks");
  return (
    <Loaded of={answer}>
      {() => {
        const rows = new Map<string, Rack[]>();
        for (const row of answer.data?.rows ?? []) {
          const rack = {
            name: row.name,
            row: row.row,
            units: Number(row.units) || 0,
            filled: Number(row.filled) || 0,
            drawn: Number(row.drawn) || 0,
            budget: Number(row.budget) || undefined,
          };
          const known = rows.get(rack.row);
          if (known) known.push(rack);
          else rows.set(rack.row, [rack]);
        }
        return (
          <div style={{ display: "grid", gap: 10, marginBottom: 16 }}>
            {[...rows].slice(0, 20).map(([name, racks]) => (
              <Row key={name} name={name} racks={racks.slice(0, MOST_RACKS)} />
            ))}
          </div>
        );
      }}
    </Loaded>
  );
}
