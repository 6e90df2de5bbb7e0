// The capacity ledger as a picture: what there is, what is promised to whom, what is free and when.
import { Anchor, Breadcrumbs, Button, Group, SegmentedControl, Select, Text } from "@mantine/core";
import { useMemo, useRef, useState } from "react";
import { Link, useLocation, useParams } from "wouter";
import { useMoment } from "../api/moment";
import { useRows } from "../api/queries";
import type { View } from "../calendar/draw";
import { CalendarPicture, type Calendar as Drawn, type Handle } from "../calendar/picture";
import { stacked, type Promise_, type Steps } from "../calendar/steps";
import { Ask } from "../parts/ask";
import type { Value } from "../parts/cells";
import { Rows } from "../parts/rows";
import { Loaded } from "../parts/states";

const MOST_COLORS = 8;
const MOST_PAGES = 20; // of promises
const SPANS: [string, number][] = [["30 days", 30], ["1 year", 365], ["5 years", 1826], ["10 years", 3652]];
const timeOf = (at: string) => (at === "open" ? Infinity : Date.parse(at));

function useCalendar(account: string) {
  const ten = { start: "2020-01-01", term: "20 years" };
  const calendar = useRows("/v1/calendars/{account}", { account }, ten, account !== "");
  const promises = useRows("/v1/calendars/{account}/promises", { account }, {}, account !== "", MOST_PAGES);
  const drawn = useMemo((): Drawn => {
    const rows = calendar.data?.rows ?? [];
    const levels = (of: "supply" | "promised"): Steps => ({
      at: Float64Array.from(rows, (row) => timeOf(row.from)),
      level: Float64Array.from(rows, (row) => Number(row[of])),
    });
    const all = (promises.data?.rows ?? []).map(
      (row): Promise_ => ({ ...row, amount: Number(row.amount), from: timeOf(row.from), until: timeOf(row.until) }),
    );
    return { supply: levels("supply"), series: stacked(all, levels("promised"), MOST_COLORS), lanes: all.sort((a, b) => a.from - b.from) };
  }, [calendar.data, promises.data]);
  return { calendar, promises, drawn };
}

const placeOf = (account: string) => `/calendar/${encodeURIComponent(account)}`;

function useAccounts() {
  const pools = useRows("/v1/free", {}, { open: true });
  const leases = useRows("/v1/leases");
  const sources = new Map((leases.data?.rows ?? []).map((row) => [row.line, row.source]));
  // From a line up to the pool that it draws on in the end.
  const chainOf = (account: string) => {
    const chain = [account];
    for (let above = sources.get(account); above && !chain.includes(above); above = sources.get(above)) chain.unshift(above);
    return chain;
  };
  const groups = [
    { group: "Pools", items: [...new Set((pools.data?.rows ?? []).map((row) => row.account))] },
    { group: "Lines, as pools of those who lease them", items: [...new Set((leases.data?.rows ?? []).map((row) => row.line))] },
  ];
  return { groups, chainOf };
}

// A promise from a line or pool is a pool in its turn, one tier down.
const below = (row: Record<string, Value>) =>
  row.kind === "lease" && row.line ? (
    <Button component={Link} href={placeOf(String(row.line))} size="compact-xs" variant="default">
      Its calendar
    </Button>
  ) : null;

export default function Calendar() {
  const { me, at } = useMoment();
  const [, go] = useLocation();
  const { groups, chainOf } = useAccounts();
  const asked = useParams<{ account?: string }>().account;
  const account = asked ? decodeURIComponent(asked) : (groups[0]?.items[0] ?? "");
  const [view, setView] = useState("stack");
  const [chosen, setChosen] = useState<View>();
  const { calendar, promises, drawn } = useCalendar(account);
  const handle = useRef<Handle>(null);
  const now = Date.parse(at ?? me.now);
  const label = `Supply and promises of ${account}: ${drawn.lanes.length} promises to ${drawn.series.length} lessees. Arrow keys move it, plus and minus zoom.`;
  return (
    <>
      <h1>Calendar</h1>
      <Group align="end">
        <Select
          label="Of what"
          w={280}
          data={groups}
          value={account}
          onChange={(name) => name && go(placeOf(name))}
          searchable
          allowDeselect={false}
        />
        <SegmentedControl
          aria-label="How it is drawn"
          value={view}
          onChange={setView}
          data={[
            { value: "stack", label: "By lessee" },
            { value: "lanes", label: "Lanes" },
          ]}
        />
        <Group gap={4}>
          {SPANS.map(([name, days]) => (
            <Button key={name} size="compact-sm" variant="default" onClick={() => handle.current?.show(days)}>
              {name}
            </Button>
          ))}
        </Group>
      </Group>
      <Breadcrumbs aria-label="Tiers above">
        {chainOf(account).map((name) =>
          name === account ? (
            <b key={name}>{name}</b>
          ) : (
            <Anchor key={name} component={Link} href={placeOf(name)}>
              {name}
            </Anchor>
          ),
        )}
      </Breadcrumbs>
      <Loaded of={{ isPending: calendar.isPending || promises.isPending, error: calendar.error ?? promises.error }}>
        {() => (
          <CalendarPicture
            calendar={drawn}
            now={now}
            asLanes={view === "lanes"}
            height={380}
            label={label}
            chosen={chosen}
            choose={setChosen}
            handle={handle}
            open={(lane) => lane.kind === "lease" && lane.line && go(placeOf(lane.line))}
          />
        )}
      </Loaded>
      <Text className="aside">Drag to move it, turn the wheel to zoom; drag with Shift to ask what is free in a window. A lane opens the calendar one tier down.</Text>
      <Ask account={account} window={chosen} setWindow={setChosen} />
      {account !== "" && <Rows path="/v1/calendars/{account}/promises" parts={{ account }} title="What it is promised to" actions={below} empty="Nothing is promised." />}
    </>
  );
}
