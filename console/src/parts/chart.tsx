// Charts of a few hundred values: columns by day or quarter, and levels over time. What is under the
// pointer is said in words below; a table of the same rows stands beside each.
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

export interface ChartSeries {
  name: string;
  values: number[];
  color: string;
  /** A line without an area: what was before. */
  dashed?: boolean;
}

interface Props {
  label: string;
  /** Of columns: what stands under each. Of levels: the moments at which they change, in milliseconds. */
  x: string[] | number[];
  /** Columns are stacked, the first at the bottom; levels are not. */
  series: ChartSeries[];
  format: (value: number) => string;
  /** What the values are of: "USD". */
  unit: string;
  height?: number;
}

const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
const isTime = (x: Props["x"]): x is number[] => typeof x[0] === "number";
const dayText = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);

// The series as they are drawn: of a stack the sums, the highest first, so that the lower cover it.
function drawn({ x, series }: Props): { data: uPlot.AlignedData; order: ChartSeries[] } {
  if (isTime(x)) return { data: [x.map((at) => at / 1000), ...series.map(({ values }) => values)], order: series };
  const sums: number[][] = [];
  for (const { values } of series) sums.push(values.map((value, i) => value + (sums.at(-1)?.[i] ?? 0)));
  return { data: [x.map((_, i) => i), ...sums.reverse()], order: [...series].reverse() };
}

function optionsOf(props: Props, order: ChartSeries[], width: number, dark: boolean, hover: (i: number | null | undefined) => void): uPlot.Options {
  const [text, line] = dark ? ["#dee2e6", "#3b3d42"] : ["#343a40", "#dee2e6"];
  const { x } = props;
  const paths = isTime(x) ? uPlot.paths.stepped!({ align: 1 }) : uPlot.paths.bars!({ size: [0.8, 60] });
  const axis = { stroke: text, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  return {
    width,
    height: props.height ?? 240,
    legend: { show: false },
    cursor: { points: { show: false }, drag: { x: false, y: false }, y: false },
    scales: { x: { time: isTime(x), ...(isTime(x) ? {} : { range: [-0.6, x.length - 0.4] }) }, y: { range: (_, least, most) => [Math.min(0, least), most * 1.05 || 1] } },
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
    axes: [
      isTime(x) ? axis : { ...axis, grid: { show: false }, incrs: [1, 2, 5, 10, 20, 50], space: 70, values: (_, splits) => splits.map((i) => x[i] ?? "") },
      { ...axis, size: 56, values: (_, splits) => splits.map((value) => short.format(value)) },
    ],
    series: [
      {},
      ...order.map(({ color, dashed }) => ({
        paths,
        stroke: color,
        width: isTime(x) ? (dashed ? 2 : 1.5) : 0,
        points: { show: false },
        ...(dashed ? { dash: [6, 4] } : { fill: isTime(x) ? `${color}55` : color }),
      })),
    ],
    hooks: { setCursor: [({ cursor }) => hover(cursor.idx)] },
  };
}

export function Chart(props: Props) {
  const { label, x, series, format, unit } = props;
  const place = useRef<HTMLDivElement>(null);
  const dark = useComputedColorScheme("light") === "dark";
  const [at, setAt] = useState<number | null>();
  const shown = JSON.stringify([x, series]);
  useEffect(() => {
    const node = place.current!;
    const { data, order } = drawn(props);
    const chart = new uPlot(optionsOf(props, order, Math.max(200, node.clientWidth), dark, setAt), data, node);
    const sized = new ResizeObserver(() => chart.setSize({ width: Math.max(200, node.clientWidth), height: chart.height }));
    sized.observe(node);
    return () => {
      sized.disconnect();
      chart.destroy();
    };
    // What is drawn is compared by its values: its arrays are made anew each time.
  }, [shown, dark]);
  const name = at == null ? undefined : isTime(x) ? dayText(x[at]! / 1000) : x[at];
  const here = at == null ? [] : series.filter(({ values }) => values[at]);
  return (
    <figure className="picture chart">
      <div ref={place} role="img" aria-label={label} />
      <div className="legend">
        <span className="aside">{unit}</span>
        {series.map(({ name: of, color }) => (
          <span key={of}>
            <i style={{ background: color }} />
            {of}
          </span>
        ))}
      </div>
      <figcaption className="aside">{name ? `${name}: ${here.map(({ name: of, values }) => `${of} ${format(values[at!]!)}`).join("; ") || "nothing"}` : "\u00a0"}</figcaption>
    </figure>
  );
}
