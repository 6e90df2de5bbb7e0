// How the console asks the server: with the key of whoever signed in, typed by the API's document.
import { areas, columns, type Column } from "./made/columns";
import type { paths } from "./made/schema";

const KEPT = "leasehold-key"; // for as long as the tab is open

export const key = {
  get: () => sessionStorage.getItem(KEPT),
  set: (value: string) => sessionStorage.setItem(KEPT, value),
  forget: () => sessionStorage.removeItem(KEPT),
};

export interface Nearest {
  kind: string;
  atoms: number;
  account?: string;
  from: string;
  until: string;
}

/** Why the server said no (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly nearest: Nearest[] = [],
  ) {
    super(detail);
  }
}

/** Who asks; `now` is the server's present moment. */
export interface Me {
  name: string;
  role: string;
  party?: string;
  now: string;
  /** Areas, as the document says of each operation to which it belongs. */
  sees: string[];
  changes: string[];
}

export type Values = Record<string, string | number | boolean>;

export function headers(more: Record<string, string> = {}): Record<string, string> {
  const secret = key.get();
  return secret ? { ...more, Authorization: `Bearer ${secret}` } : more;
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = await response.json();
    return new Problem(response.status, body.code, body.detail, body.nearest);
  } catch {
    return new Problem(response.status, "unavailable", `the server answered ${response.status}`);
  }
}

/** Answers whose columns the document names. */
export type RowsPath = keyof typeof columns;

type Answer<P> = P extends keyof paths
  ? paths[P] extends {
      get: { responses: { 200: { content: { "application/json": { data: (infer R)[] } } } } };
    }
    ? Required<R>
    : never
  : never;
export type Row<P extends RowsPath> = Answer<P>;

export function maySee(me: Me, path: RowsPath): boolean {
  const of = areas[path];
  return of !== undefined && me.sees.includes(of.area) && !(of.whole && me.party !== undefined);
}

export function columnsOf(path: RowsPath): readonly Column[] {
  return columns[path];
}

/** "/v1/leases/{lease}" with its part filled in, and what is asked besides. */
export function addressOf(path: string, parts: Values, query: Values): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parts[name] ?? "")));
  const asked = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return asked.size > 0 ? `${filled}?${asked}` : filled;
}

const MOST_ROWS = 10_000; // of one page of an answer

/** All rows of an answer, and whether there are more than are shown. */
export async function rowsOf<P extends RowsPath>(
  path: P,
  parts: Values,
  query: Values,
  signal?: AbortSignal,
): Promise<{ rows: Row<P>[]; more: boolean }> {
  const response = await fetch(addressOf(path, parts, { limit: MOST_ROWS, ...query }), {
    headers: headers({ Accept: "application/json" }),
    signal,
  });
  if (!response.ok) throw await problemOf(response);
  const body = (await response.json()) as { data: Row<P>[]; next?: string };
  return { rows: body.data, more: body.next !== undefined };
}

/** A change: what happened, fact by fact, in words. */
export async function change(path: string, parts: Values, body: Values, dryRun = false): Promise<string[]> {
  const response = await fetch(addressOf(path, parts, dryRun ? { dry_run: true } : {}), {
    method: "POST",
    headers: headers({ "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() }),
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await problemOf(response);
  const answer = (await response.json()) as { facts?: { what: string }[] };
  return (answer.facts ?? []).map((fact) => fact.what);
}

/** A document as the server makes it: a spreadsheet's rows, an invoice. */
export async function documentOf(path: string, parts: Values, query: Values, accept: string): Promise<Blob> {
  const response = await fetch(addressOf(path, parts, query), { headers: headers({ Accept: accept }) });
  if (!response.ok) throw await problemOf(response);
  return response.blob();
}
