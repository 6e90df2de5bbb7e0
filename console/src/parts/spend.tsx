// What a party's capacity costs and had, day by day, and the budgets that it is told of.
import { Button, Group, SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import type { Row } from "../api/client";
import { useMoment } from "../api/moment";
import { useRows } from "../api/queries";
import { Act } from "./act";
import { amountOf, count, currencyOf, money, share, shortMoney } from "./cells";
import { Chart, type ChartSeries } from "./chart";
import { FORECAST, PALETTE } from "./palette";
import { Rows } from "./rows";
import { Loaded } from "./states";

type Spent = Row<"/v1/spend/{party}">;
const MOST_SERIES = 8;

// The days of a month, UTC, so many months after that of a moment.
function daysOf(moment: string, months: number): string[] {
  const at = new Date(moment);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth() + months];
  const number = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Array.from({ length: number }, (_, i) => new Date(Date.UTC(year, month, i + 1)).toISOString().slice(0, 10));
}

// What was, by what it was for, the most first; and what is to come.
function seriesOf(rows: Spent[], days: string[], valueOf: (row: Spent) => number): ChartSeries[] {
  const place = new Map(days.map((day, i) => [day, i]));
  const sums = new Map<string, number[]>();
  for (const row of rows) {
    const name = row.basis === "forecast" ? "forecast" : row.for;
    const values = sums.get(name) ?? days.map(() => 0);
    sums.set(name, values);
    const day = place.get(String(row.day).slice(0, 10));
    if (day !== undefined) values[day] = (values[day] ?? 0) + valueOf(row);
  }
  const forecast = sums.get("forecast");
  sums.delete("forecast");
  const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
  const ranked = [...sums].sort((a, b) => total(b[1]) - total(a[1]));
  const series = ranked.slice(0, MOST_SERIES).map(([name, values], i) => ({ name, values, color: PALETTE[i]! }));
  const rest = ranked.slice(MOST_SERIES).map(([, values]) => values);
  if (rest.length > 0) series.push({ name: "others", values: days.map((_, i) => rest.reduce((sum, values) => sum + values[i]!, 0)), color: PALETTE[MOST_SERIES]! });
  return forecast ? [...series, { name: "forecast", values: forecast, color: FORECAST }] : series;
}

export function Spend({ party }: { party: string }) {
  const { me, at } = useMoment();
  const [months, setMonths] = useState(0);
  const [of, setOf] = useState("cost");
  const days = daysOf(at ?? me.now, months);
  const month = days[0]!.slice(0, 7);
  const asked = { from: days[0]!, through: days.at(-1)! };
  const answer = useRows("/v1/spend/{party}", { party }, asked, party !== "");
  const rows = answer.data?.rows ?? [];
  const currency = currencyOf(rows[0]?.cost);
  const sum = (some: Spent[]) => some.reduce((total, row) => total + amountOf(row.cost), 0);
  const spent = sum(rows.filter((row) => row.basis === "actual"));
  const costs = of === "cost";
  const format = costs ? (value: number) => shortMoney(value, currency) : (value: number) => count.format(Math.round(value));
  const series = seriesOf(rows, days, (row) => (costs ? amountOf(row.cost) : Number(row.used) || 0));
  return (
    <section aria-label="Cost and usage by day">
      <Group justify="space-between" mb={6}>
        <h2>Cost and usage by day, {month}</h2>
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={() => setMonths(months - 1)}>
            Month before
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setMonths(months + 1)}>
            Month after
          </Button>
          <SegmentedControl
            size="xs"
            aria-label="What is drawn"
            value={of}
            onChange={setOf}
            data={[
              { value: "cost", label: "Cost" },
              { value: "hours", label: "Accelerator-hours used" },
            ]}
          />
        </Group>
      </Group>
      <Loaded of={answer}>
        {() =>
          rows.length === 0 ? (
            <Text c="dimmed">Nothing is spent in {month}.</Text>
          ) : (
            <>
              <Text size="sm" role="status">
                <b>{shortMoney(spent, currency)}</b> {at ? `until ${at}` : "so far"}; {shortMoney(sum(rows), currency)} by the end of the month, before taxes and promotions
              </Text>
              <Chart
                label={`${costs ? "Cost" : "Accelerator-hours used"} of ${party} by day in ${month}`}
                x={days.map((day) => day.slice(5))}
                series={series}
                format={format}
                unit={costs ? currency : "accelerator-hours"}
              />
            </>
          )
        }
      </Loaded>
      <Rows path="/v1/spend/{party}" parts={{ party }} query={asked} title="By day and charge" empty="Nothing is spent." />
    </section>
  );
}

function Budget({ budget }: { budget: Row<"/v1/spend-budgets"> }) {
  const [spent, expected, reached] = [Number(budget.of_it), Number(budget.expected_of_it), Number(budget.reached) || 0];
  return (
    <section className="card" aria-label={`Budget of ${budget.party}`}>
      <h2>
        {budget.party}, {budget.month}
      </h2>
      <div className="figure">{share(spent)}</div>
      <div className="meter" role="img" aria-label={`${share(spent)} of the budget is spent, ${share(expected)} are expected`}>
        <span className={spent >= 1000 ? "over" : "sold"} style={{ width: `${Math.min(100, spent / 10)}%` }} />
        <span className="expected" style={{ width: `${Math.max(0, Math.min(1000, expected) - Math.min(1000, spent)) / 10}%` }} />
      </div>
      <div className="aside">
        {money(String(budget.spent))} of {money(String(budget.monthly))}; {money(String(budget.expected))} expected ({share(expected)})
      </div>
      <div className="aside">Told of at {budget.alerts}</div>
      {reached > 0 && (
        <Text size="sm" fw={600} role="status">
          {share(reached)} is reached
        </Text>
      )}
    </section>
  );
}

export function Budgets({ party }: { party: string }) {
  const { me } = useMoment();
  const budgets = useRows("/v1/spend-budgets");
  const rows = (budgets.data?.rows ?? []).filter((row) => !me.party || row.party === me.party || row.party === party);
  return (
    <section aria-label="Budgets">
      <Group justify="space-between" mb={6}>
        <h2>Budgets</h2>
        <Act path="/v1/spend-budgets" label="Set a budget" given={me.party ? { party: me.party } : {}} preset={{ party, monthly: "10000 USD" }} ask={["alerts"]} />
      </Group>
      <Loaded of={budgets}>
        {() =>
          rows.length === 0 ? (
            <Text c="dimmed">None is set: what is spent is told of at shares of one.</Text>
          ) : (
            <div className="cards">
              {rows.map((row) => (
                <Budget key={row.party} budget={row} />
              ))}
            </div>
          )
        }
      </Loaded>
    </section>
  );
}
