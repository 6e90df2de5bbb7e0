// What a company earned month by month, and what contracts will still bring, quarter by quarter.
import { Text } from "@mantine/core";
import { monthsOf, useMoment } from "../api/moment";
import { useRows } from "../api/queries";
import { amountOf, currencyOf, shortMoney, withoutTotal } from "./cells";
import { Chart } from "./chart";
import { PALETTE } from "./palette";
import { Rows } from "./rows";
import { Loaded } from "./states";

const BY_CUSTOMER = { by: "customer" };
function Revenue({ company }: { company: string }) {
  const { me, at } = useMoment();
  const asked = { by: "month", ...monthsOf(at ?? me.now, 12) };
  const answer = useRows("/v1/finance/{party}/revenue", { party: company }, asked);
  const rows = withoutTotal(answer.data?.rows, "by");
  const currency = currencyOf(rows[0]?.gross);
  const series = [{ name: "revenue as reported", values: rows.map((row) => amountOf(row.as_reported)), color: PALETTE[0]! }];
  return (
    <section aria-label="Revenue by month">
      <h2>Revenue by month; the last is to its end</h2>
      <Loaded of={answer}>
        {() =>
          rows.length === 0 ? (
            <Text c="dimmed">Nothing was earned in these months.</Text>
          ) : (
            <Chart label={`Revenue of ${company} by month`} x={rows.map((row) => row.by)} series={series} format={(value) => shortMoney(value, currency)} unit={currency} />
          )
        }
      </Loaded>
    </section>
  );
}

function Backlog({ company }: { company: string }) {
  const answer = useRows("/v1/finance/{party}/backlog", { party: company });
  const rows = withoutTotal(answer.data?.rows, "quarter");
  const currency = currencyOf(rows[0]?.to_be_recognised);
  const series = [{ name: "contracted, to be earned", values: rows.map((row) => amountOf(row.to_be_recognised)), color: PALETTE[2]! }];
  return (
    <Loaded of={answer}>
      {() =>
        rows.length > 0 && (
          <Chart label={`Backlog of ${company} by quarter`} x={rows.map((row) => row.quarter)} series={series} format={(value) => shortMoney(value, currency)} unit={currency} />
        )
      }
    </Loaded>
  );
}

export function Outlook({ company }: { company: string }) {
  const party = { party: company };
  return (
    <>
      <Revenue company={company} />
      <Backlog company={company} />
      <Rows path="/v1/finance/{party}/backlog" parts={party} title="Backlog by quarter" empty="Nothing is contracted." />
      <Rows path="/v1/finance/{party}/revenue" parts={party} title="Revenue by customer" titles={BY_CUSTOMER} empty="Nothing was earned." />
      <Rows path="/v1/finance/{party}/deferred" parts={party} title="Prepayments" empty="Nothing was paid ahead." />
      <Rows path="/v1/finance/{party}/utilisation" parts={party} title="Utilisation" empty="It has no pool." />
    </>
  );
}
