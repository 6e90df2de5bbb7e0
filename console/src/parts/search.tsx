// Goes to whatever is named: a page, a pool, a line, a lease, an invoice. "/" or Ctrl+K opens it.
import { Button, Modal, TextInput } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useMemo, useState, type KeyboardEvent } from "react";
import { useLocation } from "wouter";
import type { Place } from "../app";
import { useRows } from "../api/queries";
import { leaseOf } from "./cells";

interface Hit {
  name: string;
  what: string;
  path: string;
}
const MOST_HITS = 12;
const at = (path: string, name: string) => `${path}/${encodeURIComponent(name)}`;

function useHits(places: Place[], opened: boolean, text: string): Hit[] {
  const pools = useRows("/v1/free", {}, { open: true }, opened);
  const lines = useRows("/v1/leases", {}, {}, opened);
  const invoices = useRows("/v1/invoices", {}, {}, opened);
  const all = useMemo((): Hit[] => {
    const leases = new Map<string, Hit>();
    for (const { line, lessee } of lines.data?.rows ?? []) {
      const lease = leaseOf(line);
      leases.set(lease, { name: lease, what: `lease of ${lessee}`, path: at("/leases", lease) });
    }
    return [
      ...places.map(({ title, path }) => ({ name: title, what: "page", path })),
      ...(pools.data?.rows ?? []).map(({ account, site }) => ({ name: account, what: `pool at ${site}`, path: at("/calendar", account) })),
      ...leases.values(),
      ...(lines.data?.rows ?? []).map(({ line, lessee }) => ({ name: line, what: `line of ${lessee}`, path: at("/calendar", line) })),
      ...(invoices.data?.rows ?? []).map(({ id, number, lessee }) => ({ name: `${id} ${number}`, what: `invoice to ${lessee}`, path: at("/money/invoices", id) })),
    ];
  }, [places, pools.data, lines.data, invoices.data]);
  const wanted = text.toLowerCase().split(/\s+/);
  return all.filter(({ name, what }) => wanted.every((word) => `${name} ${what}`.toLowerCase().includes(word))).slice(0, MOST_HITS);
}

export function Search({ places }: { places: Place[] }) {
  const [opened, setOpened] = useState(false);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const [, go] = useLocation();
  const hits = useHits(places, opened, text);
  const open = () => {
    setText("");
    setChosen(0);
    setOpened(true);
  };
  useHotkeys([
    ["/", open],
    ["mod+K", open],
  ]);
  const take = (hit: Hit | undefined) => {
    if (!hit) return;
    setOpened(false);
    go(hit.path);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter") take(hits[chosen]);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    setChosen((now) => Math.min(hits.length - 1, Math.max(0, now + step)));
  };
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={open} aria-keyshortcuts="/ Control+K">
        Search <kbd className="hint">/</kbd>
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Search" lockScroll={false} closeButtonProps={{ "aria-label": "Close" }}>
        <TextInput
          aria-label="What is searched for"
          placeholder="A page, a pool, a lease, an invoice"
          role="combobox"
          aria-expanded="true"
          aria-controls="hits"
          aria-activedescendant={hits[chosen] ? `hit-${chosen}` : undefined}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={keys}
          data-autofocus
        />
        <ul id="hits" role="listbox" aria-label="What was found" className="hits">
          {hits.map((hit, i) => (
            <li key={hit.path} id={`hit-${i}`} role="option" aria-selected={i === chosen} onClick={() => take(hit)}>
              <b>{hit.name}</b> <span className="aside">{hit.what}</span>
            </li>
          ))}
        </ul>
      </Modal>
    </>
  );
}
