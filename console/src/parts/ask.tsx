// What is free in a window, from when so many are, and a quote for it.
import { Group, TextInput } from "@mantine/core";
import { useState, type ChangeEvent } from "react";
import { useDebouncedValue } from "@mantine/hooks";
import { useMoment } from "../api/moment";
import { useRows } from "../api/queries";
import type { View } from "../calendar/draw";
import { DAY, dayOf } from "../calendar/steps";
import { Act } from "./act";
import { shown } from "./cells";
import { Loaded } from "./states";

interface Props {
  account: string;
  window: View | undefined;
  setWindow: (window: View) => void;
}

// From when a number of servers is free for as long as the window is.
function Earliest({ account, quantity, start, days }: { account: string; quantity: string; start: string; days: number }) {
  const earliest = useRows("/v1/earliest", {}, { account, quantity, for: `${days} days`, start }, account !== "" && /^\d/.test(quantity));
  return (
    <Loaded of={earliest}>
      {() => {
        const row = earliest.data?.rows[0];
        if (!row) return <div className="aside">{quantity} cannot be had of {account}.</div>;
        return (
          <div className="aside" role="status">
            {quantity} for {days} days: {row.earliest_start === "never" ? "never" : `from ${shown(row.earliest_start, "moment")}`}
          </div>
        );
      }}
    </Loaded>
  );
}

export function Ask({ account, window, setWindow }: Props) {
  const { me } = useMoment();
  const asked = window ?? { from: Date.parse(me.now), until: Date.parse(me.now) + 365 * DAY };
  const [start, end] = [dayOf(asked.from), dayOf(asked.until)];
  const [quantity, setQuantity] = useState("8 servers");
  const [typed] = useDebouncedValue(quantity, 300);
  const free = useRows("/v1/free", {}, { account, start, end }, account !== "");
  const parties = useRows("/v1/parties");
  const set = (which: "from" | "until") => (event: ChangeEvent<HTMLInputElement>) => {
    const at = Date.parse(event.currentTarget.value);
    if (!Number.isNaN(at)) setWindow({ ...asked, [which]: at });
  };
  return (
    <section className="card" aria-label="What is free">
      <Group align="end">
        <TextInput type="date" label="From" value={start} onChange={set("from")} />
        <TextInput type="date" label="Until" value={end} onChange={set("until")} />
        <TextInput label="How many" w={150} value={quantity} onChange={(event) => setQuantity(event.currentTarget.value)} />
        <Act
          key={`${account}-${start}-${end}-${quantity}`}
          path="/v1/quotes"
          label="Quote it"
          preset={{ pool: account, quantity, start, end, price: "3 USD/accelerator-hour" }}
          ask={["name", "end", "price"]}
          suggest={{ lessee: (parties.data?.rows ?? []).map((party) => party.name) }}
        />
      </Group>
      <Loaded of={free}>
        {() => {
          const row = free.data?.rows[0];
          return (
            <div className="figure" role="status">
              {shown(row?.free, "number")} <span className="aside">{row?.unit}s are free over all of it; least at {shown(row?.tightest_at, "moment")}</span>
            </div>
          );
        }}
      </Loaded>
      <Earliest account={account} quantity={typed} start={start} days={Math.round((asked.until - asked.from) / DAY)} />
    </section>
  );
}
