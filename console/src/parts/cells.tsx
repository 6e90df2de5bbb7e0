// How values are shown: exact, with their units, and linked to where more of them is.
import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Column, Holds } from "../api/made/columns";

export const count = new Intl.NumberFormat("en-US");

export type Value = string | number | undefined;

/** Rows of an answer without the one that sums them, which is named so in its first column. */
export const withoutTotal = <R extends object>(rows: R[] | undefined, first: keyof R): R[] => (rows ?? []).filter((row) => row[first] !== "total");

/** Permille as people read it: "41.6 %". */
export const share = (permille: number) => `${(permille / 10).toFixed(1)} %`;

/** Watts as people read them. */
export function power(watts: number): string {
  if (Math.abs(watts) >= 1e9) return `${count.format(watts / 1e9)} GW`;
  if (Math.abs(watts) >= 1e6) return `${count.format(Math.round(watts / 1e4) / 100)} MW`;
  return `${count.format(Math.round(watts / 10) / 100)} kW`;
}

/** "1300000000.00 USD" with thousands; the parts of a cent that forecasts have are left out. A word that
 *  stands for no sum is as it is. */
export function money(sum: string): string {
  const [, whole, parts = "", currency] = /^(-?\d+)(?:\.(\d+))? ([A-Z]{3})$/.exec(sum) ?? [];
  if (whole === undefined) return sum;
  return `${count.format(BigInt(whole))}${parts ? `.${parts.slice(0, 2).padEnd(2, "0")}` : ""} ${currency}`;
}

/** The amount alone, to draw with; never to reckon with. */
export const amountOf = (sum: Value) => Number.parseFloat(String(sum ?? "0")) || 0;

/** For a headline: "1.30 B USD". */
export function shortMoney(amount: number, currency = "USD"): string {
  const steps: [number, string][] = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"]];
  const [size, letter] = steps.find(([least]) => Math.abs(amount) >= least) ?? [1, ""];
  return `${(amount / size).toFixed(2)}${letter ? ` ${letter}` : ""} ${currency}`;
}

export const currencyOf = (sum: Value) => String(sum ?? "").split(" ")[1] ?? "USD";

/** Moments are UTC; midnight is a date. */
export const moment = (at: string) =>
  at.endsWith("T00:00:00Z") ? at.slice(0, 10) : at.replace("T", " ").replace(/:00Z$|Z$/, " UTC");

export function shown(value: Value, holds: Holds): string {
  if (value === undefined || value === "") return "";
  if (typeof value === "number") {
    if (holds === "share") return share(value);
    return holds === "power" ? power(value) : count.format(value);
  }
  if (holds === "money") return money(value);
  return holds === "moment" && /^\d{4}-/.test(value) ? moment(value) : value;
}

export const isNumeric = (holds: Holds) => holds !== "text" && holds !== "moment";

/** The lease of a line: "comet" of "comet.1". */
export const leaseOf = (line: string) => line.trim().replace(/\.\d+$/, "");

// Where a name leads.
const PLACES: Record<string, (name: string) => string> = {
  line: (line) => `/leases/${encodeURIComponent(leaseOf(line))}`,
  lease: (lease) => `/leases/${encodeURIComponent(lease)}`,
  account: (account) => `/calendar/${encodeURIComponent(account)}`,
  pool: (pool) => `/calendar/${encodeURIComponent(pool)}`,
  source: (account) => `/calendar/${encodeURIComponent(account)}`,
};
// Words that stand for something that may not be known.
const NO_NAME = /^$|^a line of|^\(|^total$/;

export function cell(row: Record<string, Value>, column: Column, table: string): ReactNode {
  const text = shown(row[column.key], column.holds);
  let place = PLACES[column.key];
  if (table.startsWith("/v1/books/")) place = undefined; // its accounts are of a ledger of money
  if (table === "/v1/pools" && column.key === "name") place = PLACES.pool;
  if (table === "/v1/invoices" && column.key === "id") place = (id) => `/money/invoices/${id}`;
  const isSite = row.unit === "watt"; // which has no page of its own
  if (!place || isSite || NO_NAME.test(text)) return text;
  return (
    <Anchor component={Link} href={place(text)} inherit>
      {text}
    </Anchor>
  );
}
