// Who buys from whom and who owns what, drawn: money comes in from the left and goes out to the
// right, as wide as it is much.
import { monthsOf, useMoment } from "../api/moment";
import { useRows } from "../api/queries";
import { amountOf, currencyOf, shortMoney, withoutTotal } from "./cells";
import { Loaded } from "./states";

interface Flow {
  name: string;
  amount: number;
  also: string;
}

const HEIGHT = 300;
const WIDTH = 860;

function Side({ flows, most, left, currency }: { flows: Flow[]; most: number; left: boolean; currency: string }) {
  const gap = 14;
  const room = HEIGHT - gap * (flows.length + 1);
  let y = gap;
  let inner = HEIGHT / 2 - (room * flows.reduce((sum, flow) => sum + flow.amount, 0)) / most / 2;
  const [outer, middle] = left ? [190, 360] : [670, 500];
  return (
    <>
      {flows.map((flow) => {
        const thick = Math.max(2, (room * flow.amount) / most);
        const [from, to] = [y + thick / 2, inner + thick / 2];
        y += thick + gap;
        inner += thick;
        const bend = (outer + middle) / 2;
        return (
          <g key={flow.name}>
            <path
              d={`M${outer} ${from} C${bend} ${from} ${bend} ${to} ${middle} ${to}`}
              fill="none"
              stroke={flow.also ? "var(--lh-hold)" : "var(--lh-promised)"}
              strokeOpacity={0.65}
              strokeWidth={thick}
            />
            <text x={left ? outer - 8 : outer + 8} y={from} textAnchor={left ? "end" : "start"} dominantBaseline="middle">
              {flow.name}: {shortMoney(flow.amount, currency)}
            </text>
            {flow.also && (
              <text className="small" x={left ? outer - 8 : outer + 8} y={from + 15} textAnchor={left ? "end" : "start"} dominantBaseline="middle">
                {flow.also}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
}

export function Flows({ company }: { company: string }) {
  const { me, at } = useMoment();
  const year = monthsOf(at ?? me.now, 12);
  const customers = useRows("/v1/finance/{party}/concentration", { party: company }, year);
  const circles = useRows("/v1/finance/{party}/circularity", { party: company }, year);
  return (
    <Loaded of={customers}>
      {() => {
        const rows = customers.data?.rows ?? [];
        const currency = currencyOf(rows[0]?.revenue);
        const incoming = withoutTotal(rows, "customer")
          .map((row) => ({ name: row.customer, amount: amountOf(row.revenue), also: row.also }))
          .filter((flow) => flow.amount > 0)
          .sort((a, b) => b.amount - a.amount)
          .slice(0, 7);
        const bought = new Map<string, Flow>();
        for (const row of circles.data?.rows ?? []) {
          const amount = amountOf(row.bought_from_it);
          if (amount > 0) bought.set(row.party, { name: row.party, amount: (bought.get(row.party)?.amount ?? 0) + amount, also: row.is });
        }
        const outgoing = [...bought.values()];
        const most = Math.max(1, ...[incoming, outgoing].map((side) => side.reduce((sum, flow) => sum + flow.amount, 0)));
        const said = incoming.map((flow) => `${flow.name} pays ${shortMoney(flow.amount, currency)}${flow.also ? ` and is ${flow.also}` : ""}`);
        return (
          <figure className="picture" style={{ margin: "0 0 1rem" }}>
            <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`What ${company} is paid: ${said.join("; ")}`} className="flows">
              <Side flows={incoming} most={most} left currency={currency} />
              <Side flows={outgoing} most={most} left={false} currency={currency} />
              <rect x={360} y={HEIGHT / 2 - 130} width={140} height={260} rx={8} fill="var(--lh-card)" stroke="var(--lh-line)" />
              <text x={430} y={HEIGHT / 2} textAnchor="middle" dominantBaseline="middle" className="strong">
                {company}
              </text>
            </svg>
            <figcaption className="aside">
              Of twelve months: revenue by customer, from the left; what is bought of those who also supply, own or lend, to the right.
              Yellow: both a customer and one of these.
            </figcaption>
          </figure>
        );
      }}
    </Loaded>
  );
}
