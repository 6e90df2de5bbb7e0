// What there is, what of it is sold and used, what it brings, and who it depends on.
import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { maySee } from "../api/client";
import { useMoment } from "../api/moment";
import { useRows } from "../api/queries";
import { amountOf, count, currencyOf, power, share, shortMoney, withoutTotal } from "../parts/cells";
import { Rows } from "../parts/rows";
import { Loaded } from "../parts/states";

const sum = <T,>(rows: T[], of: (row: T) => number) => rows.reduce((total, row) => total + of(row), 0);
const part = (some: number, all: number) => (all > 0 ? (100 * some) / all : 0);

// `to` is the page of what stands behind the figure.
function Card({ title, to, children }: { title: string; to?: string; children: ReactNode }) {
  return (
    <section className="card" aria-label={title}>
      <h2>
        {to ? (
          <Anchor component={Link} href={to} inherit>
            {title}
          </Anchor>
        ) : (
          title
        )}
      </h2>
      {children}
    </section>
  );
}

function Meter({ share: percent, label }: { share: number; label: string }) {
  return (
    <div className="meter" role="img" aria-label={label}>
      <span className="sold" style={{ width: `${Math.min(100, percent)}%` }} />
    </div>
  );
}

function PowerCard() {
  const sites = useRows("/v1/sites");
  return (
    <Card title="Power" to="/fleet">
      <Loaded of={sites}>
        {() => {
          const rows = sites.data?.rows ?? [];
          const has = sum(rows, (site) => Number(site.power));
          const promised = sum(rows, (site) => Number(site.promised));
          return (
            <>
              <div className="figure">{power(promised)}</div>
              <Meter share={part(promised, has)} label={`${part(promised, has).toFixed(1)} % of the power is used`} />
              <div className="aside">
                of {power(has)} leased is for servers; {power(has - promised)} is free
              </div>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

// Of what pools have, in percent: what lessees who may lease it on neither run nor lease on today.
function useIdle() {
  const idle = useRows("/v1/idle", {}, { within: "1 day" });
  const rows = idle.data?.rows;
  if (!rows) return undefined;
  const isLine = (row: (typeof rows)[number]) => /\.\d+$/.test(row.account);
  const all = sum(rows.filter((row) => !isLine(row)), (row) => Number(row.of_hours));
  return part(sum(rows.filter(isLine), (row) => Number(row.idle_hours)), all);
}

function SoldCard() {
  const pools = useRows("/v1/pools");
  const idle = useIdle();
  return (
    <Card title="Accelerators" to="/calendar">
      <Loaded of={pools}>
        {() => {
          const rows = pools.data?.rows ?? [];
          const supply = sum(rows, (pool) => Number(pool.supply));
          const sold = sum(rows, (pool) => Number(pool.promised));
          const percent = part(sold, supply);
          const unused = idle ?? 0;
          const free = `${(100 - percent).toFixed(1)} % free`;
          const said = idle === undefined ? free : `${(percent - unused).toFixed(1)} % used, ${unused.toFixed(1)} % idle with lessees, ${free}`;
          return (
            <>
              <div className="figure">{percent.toFixed(1)} % sold</div>
              <div className="meter" role="img" aria-label={said}>
                <span className="sold" style={{ width: `${percent - unused}%` }} />
                <span className="idle" style={{ width: `${unused}%` }} />
              </div>
              <div className="aside">
                {count.format(sold)} of {count.format(supply)}; {count.format(supply - sold)} are free
              </div>
              <div className="aside">{said}</div>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function BacklogCard({ company }: { company: string }) {
  const backlog = useRows("/v1/finance/{party}/backlog", { party: company }, {}, company !== "");
  const revenue = useRows("/v1/finance/{party}/concentration", { party: company }, {}, company !== "");
  return (
    <Card title="Revenue and backlog" to="/money">
      <Loaded of={backlog}>
        {() => {
          const rows = withoutTotal(backlog.data?.rows, "quarter");
          const currency = currencyOf(rows[0]?.to_be_recognised);
          const left = sum(rows, (row) => amountOf(row.to_be_recognised));
          const earned = withoutTotal(revenue.data?.rows, "customer");
          return (
            <>
              <div className="figure">{shortMoney(left, currency)}</div>
              <div className="aside">are contracted and not yet earned, over {rows.length} quarters</div>
              <div className="aside">{shortMoney(sum(earned, (row) => amountOf(row.revenue)), currency)} earned this quarter</div>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function CustomersCard({ company }: { company: string }) {
  const customers = useRows("/v1/finance/{party}/concentration", { party: company }, {}, company !== "");
  return (
    <Card title="Customers by revenue; the line is at 10 %" to="/money">
      <Loaded of={customers}>
        {() => (
          <div className="shares">
            {withoutTotal(customers.data?.rows, "customer")
              .sort((a, b) => Number(b.share) - Number(a.share))
              .slice(0, 6)
              .map((row) => (
                <Customer key={row.customer} name={row.customer} permille={Number(row.share)} backlog={Number(row.share_of_backlog)} />
              ))}
          </div>
        )}
      </Loaded>
    </Card>
  );
}

function Customer({ name, permille, backlog }: { name: string; permille: number; backlog: number }) {
  return (
    <>
      <span>{name}</span>
      <span className="bar" role="img" aria-label={`${name} brings ${share(permille)} of revenue`}>
        <span style={{ width: `${permille / 10}%` }} />
        <i />
      </span>
      <b>{share(permille)}</b>
      <span className="aside">{share(backlog)} of backlog</span>
    </>
  );
}

function Needed() {
  const bad = useRows("/v1/servers/bad");
  const overdue = useRows("/v1/invoices", {}, { status: "overdue" });
  const quotes = useRows("/v1/quotes", {}, { status: "held" });
  const work = useRows("/v1/maintenance", {}, { status: "planned" });
  const budgets = useRows("/v1/spend-budgets");
  const reached = (budgets.data?.rows ?? []).filter((row) => Number(row.reached) > 0);
  const items: [number, string, string][] = [
    [bad.data?.rows.length ?? 0, "servers are out of service", "/fleet"],
    [overdue.data?.rows.length ?? 0, "invoices are overdue", "/money"],
    [quotes.data?.rows.length ?? 0, "holds are not signed yet", "/leases"],
    [work.data?.rows.length ?? 0, "maintenance windows are planned", "/fleet"],
    [reached.length, "budgets have reached an alert", "/use"],
  ];
  const due = items.filter(([number]) => number > 0);
  return (
    <Card title="Needs someone today">
      {due.length === 0 ? (
        <div className="figure">Nothing</div>
      ) : (
        due.map(([number, what, place]) => (
          <div key={what}>
            <Anchor component={Link} href={place}>
              <b>{count.format(number)}</b> {what}
            </Anchor>
          </div>
        ))
      )}
    </Card>
  );
}

function Whole() {
  const { me } = useMoment();
  const sites = useRows("/v1/sites");
  const company = sites.data?.rows[0]?.holder ?? "";
  const money = maySee(me, "/v1/finance/{party}/concentration") && company !== "";
  return (
    <>
      <div className="cards">
        <PowerCard />
        <SoldCard />
        {money && <BacklogCard company={company} />}
        <Needed />
      </div>
      {money && (
        <div className="cards">
          <CustomersCard company={company} />
        </div>
      )}
      <Rows path="/v1/pools" title="Pools" />
      <Rows path="/v1/overview" title="Who leases what, tier by tier" />
    </>
  );
}

// What a party leases, and what of it it leases on: its slice as a cloud of its own.
function SliceCard({ party }: { party: string }) {
  const lines = useRows("/v1/leases");
  return (
    <Card title="Leased, and leased on" to="/leases">
      <Loaded of={lines}>
        {() => {
          const rows = lines.data?.rows ?? [];
          const leased = sum(rows.filter((row) => row.lessee === party), (row) => Number(row.runs_then));
          const on = sum(rows.filter((row) => row.lessor === party), (row) => Number(row.runs_then));
          return (
            <>
              <div className="figure">{count.format(leased)}</div>
              <Meter share={part(on, leased)} label={`${part(on, leased).toFixed(1)} % are leased on`} />
              <div className="aside">
                {count.format(on)} of them are leased on; {count.format(leased - on)} are for your own use
              </div>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function OfParty({ party }: { party: string }) {
  const { me } = useMoment();
  const customers = useRows("/v1/finance/{party}/concentration", { party });
  const sells = withoutTotal(customers.data?.rows, "customer").length > 0;
  return (
    <>
      <div className="cards">
        {maySee(me, "/v1/leases") && <SliceCard party={party} />}
        {sells && <BacklogCard company={party} />}
      </div>
      {sells && (
        <div className="cards">
          <CustomersCard company={party} />
        </div>
      )}
      <Rows path="/v1/leases" title="Lines of your leases" empty="You are a side of no lease at this moment." />
      <Rows path="/v1/instances" title="Your instances" empty="None runs." />
      <Rows path="/v1/invoices" title="Your invoices" empty="None was issued." />
    </>
  );
}

export function Overview() {
  const { me } = useMoment();
  return (
    <>
      <h1>{me.party ? `The cloud of ${me.party}` : "The cloud"}</h1>
      {me.party ? <OfParty party={me.party} /> : <Whole />}
    </>
  );
}
