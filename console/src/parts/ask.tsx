// What is free in a window, and a quote for it.
import { Button, Group, NumberInput, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useMoment } from "../api/moment";
import { useChange, useRows } from "../api/queries";
import type { View } from "../calendar/draw";
import { shown } from "./cells";
import { Loaded, Refused } from "./states";

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

interface Props {
  account: string;
  window: View | undefined;
  setWindow: (window: View) => void;
}

function QuoteForm({ account, window }: { account: string; window: View }) {
  const { me } = useMoment();
  const sites = useRows("/v1/pools", {}, {}, !me.party);
  const owner = me.party ?? sites.data?.rows.find((pool) => pool.name === account)?.owner ?? "";
  const [lessee, setLessee] = useState("");
  const [servers, setServers] = useState<number | string>(1);
  const [price, setPrice] = useState("3 USD/accelerator-hour");
  const quote = useChange("/v1/quotes");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        quote.mutate({
          body: { pool: account, lessor: owner, lessee, quantity: `${servers} servers`, start: dayOf(window.from), end: dayOf(window.until), price },
        });
      }}
    >
      <Group align="end" mt="sm">
        <TextInput label="Lessee" value={lessee} onChange={(event) => setLessee(event.currentTarget.value)} required />
        <NumberInput label="Servers" w={110} min={1} value={servers} onChange={setServers} required />
        <TextInput label="Price" w={220} value={price} onChange={(event) => setPrice(event.currentTarget.value)} required />
        <Button type="submit" loading={quote.isPending}>
          Quote it
        </Button>
      </Group>
      {quote.error && <Refused problem={quote.error} />}
      {quote.isSuccess && (
        <Text role="status" className="lines">
          {quote.data.join("\n")}
        </Text>
      )}
    </form>
  );
}

export function Ask({ account, window, setWindow }: Props) {
  const { me } = useMoment();
  const asked = window ?? { from: Date.parse(me.now), until: Date.parse(me.now) + 365 * 86_400_000 };
  const free = useRows("/v1/free", {}, { account, start: dayOf(asked.from), end: dayOf(asked.until) }, account !== "");
  const set = (end: "from" | "until") => (event: React.ChangeEvent<HTMLInputElement>) => {
    const at = Date.parse(event.currentTarget.value);
    if (!Number.isNaN(at)) setWindow({ ...asked, [end]: at });
  };
  return (
    <section className="card" aria-label="What is free">
      <Group align="end">
        <TextInput type="date" label="From" value={dayOf(asked.from)} onChange={set("from")} />
        <TextInput type="date" label="Until" value={dayOf(asked.until)} onChange={set("until")} />
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
      {me.changes.includes("contract") && <QuoteForm account={account} window={asked} />}
    </section>
  );
}
