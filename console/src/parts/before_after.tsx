// What a change would do to the calendars it touches: before and after in one picture each.
import type { Done } from "../api/client";
import { count } from "./cells";
import { Chart } from "./chart";
import { FORECAST } from "./palette";

function Account({ name, rows }: { name: string; rows: Done["rows"] }) {
  const last = Date.parse(String(rows.at(-1)!.from));
  const first = Date.parse(String(rows[0]!.from));
  // The last step goes on: a tenth of the picture shows it.
  const x = [...rows.map((row) => Date.parse(String(row.from))), last + Math.max(86_400_000, (last - first) / 10)];
  const values = (column: string) => {
    const levels = rows.map((row) => Number(row[column]));
    return [...levels, levels.at(-1)!];
  };
  const changed = (of: string) => rows.some((row) => row[of] !== row[`${of}_after`]);
  const series = [
    { name: "has", values: values("supply_after"), color: "#2b8a3e" },
    { name: "promised", values: values("promised_after"), color: "#0b6585" },
    ...(changed("supply") ? [{ name: "had before", values: values("supply"), color: "#e8590c", dashed: true }] : []),
    ...(changed("promised") ? [{ name: "promised before", values: values("promised"), color: FORECAST, dashed: true }] : []),
  ];
  return (
    <>
      <h3 className="small-title">{name}, before (dashed) and after</h3>
      <Chart label={`${name} before and after`} x={x} series={series} format={(value) => count.format(Math.round(value))} unit="accelerators" height={190} />
    </>
  );
}

export default function BeforeAfter({ rows }: { rows: Done["rows"] }) {
  const accounts = [...new Set(rows.map((row) => String(row.account)))];
  return accounts.map((name) => <Account key={name} name={name} rows={rows.filter((row) => row.account === name)} />);
}
