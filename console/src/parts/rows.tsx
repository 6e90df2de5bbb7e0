// A table of an answer's rows: sorted, filtered, drawn only where it is looked at, and given as CSV.
import { Button, Group, TextInput, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import {
  createColumnHelper,
  flexRender,
  getCoreRowModel,
  getFilteredRowModel,
  getSortedRowModel,
  useReactTable,
  type SortingState,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState, type ReactNode } from "react";
import { columnsOf, documentOf, maySee, type RowsPath, type Values } from "../api/client";
import { useMoment } from "../api/moment";
import { useRows } from "../api/queries";
import { amountOf, cell, isNumeric, shown, type Value } from "./cells";
import { Loaded } from "./states";

type AnyRow = Record<string, Value>;

interface Props {
  path: RowsPath;
  parts?: Values;
  query?: Values;
  /** What the table is of, for who cannot see it. */
  title: string;
  /** Columns that say the same in every row here. */
  without?: string[];
  /** What may be done with a row. */
  actions?: (row: AnyRow) => ReactNode;
  empty?: string;
  /** Better names of columns here. */
  titles?: Record<string, string>;
}

const AS_NAMED = {};

const ROW = 34; // pixels
const ACTIONS = "(actions)"; // no column is named so
const helper = createColumnHelper<AnyRow>();

function useTable(path: RowsPath, rows: AnyRow[], without: string[], filter: string, actions: Props["actions"], titles: Record<string, string>) {
  const [sorting, setSorting] = useState<SortingState>([]);
  const columns = useMemo(() => {
    const named = columnsOf(path)
      .filter((column) => !without.includes(column.key))
      .map((column) =>
        helper.accessor((row) => (column.holds === "money" ? amountOf(row[column.key]) : row[column.key]), {
          id: column.key,
          header: titles[column.key] ?? column.title,
          cell: ({ row }) => cell(row.original, column, path),
        }),
      );
    const act = helper.display({ id: ACTIONS, header: "", cell: ({ row }) => actions?.(row.original) });
    return actions ? [...named, act] : named;
  }, [path, without.join(), actions, titles]);
  return useReactTable({
    data: rows,
    columns: columns as typeof columns & [],
    state: { sorting, globalFilter: filter },
    onSortingChange: setSorting,
    globalFilterFn: (row, _, wanted: string) =>
      columnsOf(path).some((column) =>
        shown(row.original[column.key], column.holds).toLowerCase().includes(wanted.toLowerCase()),
      ),
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
    getFilteredRowModel: getFilteredRowModel(),
  });
}

// How a column is set: numbers to the right, what can be done always in sight.
function kindOf(path: RowsPath, id: string): string | undefined {
  if (id === ACTIONS) return "actions";
  return isNumeric(columnsOf(path).find(({ key }) => key === id)?.holds ?? "text") ? "number" : undefined;
}

// A text that its cell may cut is said whole under the pointer.
const longOf = (value: Value) => (typeof value === "string" && value.length > 40 ? value : undefined);

const ORDER = { asc: "ascending", desc: "descending" } as const;

function Body({ path, title, rows, without, filter, actions, titles = AS_NAMED }: Omit<Props, "query" | "parts"> & { rows: AnyRow[]; filter: string }) {
  const table = useTable(path, rows, without ?? [], filter, actions, titles);
  const shownRows = table.getRowModel().rows;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: shownRows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 20,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div className="rows" ref={scroller} tabIndex={0} role="region" aria-label={title}>
      <table aria-rowcount={shownRows.length + 1}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => {
                const order = header.column.getIsSorted();
                return (
                  <th key={header.id} scope="col" className={kindOf(path, header.id)} aria-sort={order ? ORDER[order] : undefined}>
                    {header.column.getCanSort() ? (
                      <button type="button" onClick={header.column.getToggleSortingHandler()}>
                        {flexRender(header.column.columnDef.header, header.getContext())}
                        <span aria-hidden="true">{order === "asc" ? " ↑" : order === "desc" ? " ↓" : ""}</span>
                      </button>
                    ) : (
                      <span className="unseen">Actions</span>
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {above > 0 && <tr aria-hidden="true" style={{ height: above }} />}
          {items.map((item) => {
            const row = shownRows[item.index];
            if (!row) return null;
            return (
              <tr key={row.id} aria-rowindex={item.index + 2}>
                {row.getVisibleCells().map((one) => (
                  <td key={one.id} className={kindOf(path, one.column.id)} title={longOf(one.row.original[one.column.id])}>
                    {flexRender(one.column.columnDef.cell, one.getContext())}
                  </td>
                ))}
              </tr>
            );
          })}
          {below > 0 && <tr aria-hidden="true" style={{ height: below }} />}
        </tbody>
      </table>
    </div>
  );
}

function Csv({ path, parts = {}, query = {}, title }: Props) {
  const { at } = useMoment();
  const download = useQuery({
    queryKey: ["csv", path, parts, query, at],
    queryFn: async () => {
      const blob = await documentOf(path, parts, { ...query, limit: 10_000, ...(at ? { at } : {}) }, "text/csv");
      const address = URL.createObjectURL(blob);
      Object.assign(document.createElement("a"), { href: address, download: `${title.toLowerCase().replaceAll(" ", "-")}.csv` }).click();
      URL.revokeObjectURL(address);
      return true;
    },
    enabled: false,
  });
  return (
    <Button size="compact-sm" variant="default" loading={download.isFetching} onClick={() => void download.refetch()}>
      CSV
    </Button>
  );
}

export function Rows(props: Props) {
  const { path, parts = {}, query = {}, title, empty = "There are none." } = props;
  const [filter, setFilter] = useState("");
  const answer = useRows(path, parts, query);
  const { me } = useMoment();
  if (!maySee(me, path)) return null;
  return (
    <section>
      <Group justify="space-between" mb={6} gap="xs">
        <h2>{title}</h2>
        <Group gap="xs">
          <TextInput
            size="xs"
            placeholder="Filter"
            aria-label={`Filter ${title.toLowerCase()}`}
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
          />
          <Csv {...props} />
        </Group>
      </Group>
      <Loaded of={answer}>
        {() => {
          const { rows, more } = answer.data ?? { rows: [], more: false };
          if (rows.length === 0) return <Text c="dimmed">{empty}</Text>;
          return (
            <>
              <Body {...props} rows={rows as AnyRow[]} filter={filter} />
              {more && <Text size="sm">The first {rows.length.toLocaleString("en-US")} are shown.</Text>}
            </>
          );
        }}
      </Loaded>
    </section>
  );
}
