// What is free in a window, and a quote for it.
import { Group, TextInput } from "@mantine/core";
import type { ChangeEvent } from "react";
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

export function Ask({ account, window, setWindow }: Props) {
  const { me } = useMoment();
  const asked = window ?? { from: Date.parse(me.now), until: Date.parse(me.now) + 365 * DAY };
  const [start, end] = [dayOf(asked.from), dayOf(asked.until)];
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
        <Act
          key={`${account}-${start}-${end}`}
          path="/v1/quotes"
          label="Quote it"
          preset={{ pool: account, quantity: "1 server", start, end, price: "3 USD/accelerator-hour" }}
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
    </section>
  );
}
