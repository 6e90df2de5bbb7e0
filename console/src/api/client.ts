// How the console asks the server: with the key of whoever signed in, typed by the API's document.
import { actions, type Action } from "./made/actions";
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
    detail: string,
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

export type Values = Record<string, string | number | boolean | string[]>;

export function headers(more: Record<string, string> = {}): Record<string, string> {
  const secret = key.get();
  return secret ? { ...more, Authorization: `Bearer ${secret}` } : more;
}

/** An answer that says yes; a Problem where it says no, or none came. */
async function ask(address: string, asked: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, asked);
  } catch (failed) {
    if (asked.signal?.aborted) throw failed;
    throw new Problem(0, "unreachable", "The server was not reached. What was asked may be asked again: a change is done once.");
  }
  if (!response.ok) throw await problemOf(response);
  return response;
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

// A role has areas, and a party's people nothing that is of the whole cloud.
const isFor = (me: Me, has: string[], of: { area: string; whole: boolean }) => has.includes(of.area) && !(of.whole && me.party !== undefined);

export function maySee(me: Me, path: RowsPath): boolean {
  const of = areas[path];
  return of !== undefined && isFor(me, me.sees, of);
}

/** Changes that the document names. */
export type ActionPath = keyof typeof actions;
export const actionOf = (path: ActionPath): Action => actions[path];

export const mayChange = (me: Me, path: ActionPath) => isFor(me, me.changes, actionOf(path));

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

export interface Page<P extends RowsPath> {
  rows: Row<P>[];
  more: boolean;
}

/** The rows of an answer's first pages, and whether there are more. */
export async function rowsOf<P extends RowsPath>(path: P, parts: Values, query: Values, pages: number, signal: AbortSignal): Promise<Page<P>> {
  let rows: Row<P>[] = [];
  for (let cursor: string | undefined = "0"; cursor !== undefined && pages > 0; --pages) {
    const response = await ask(addressOf(path, parts, { limit: MOST_ROWS, cursor, ...query }), {
      headers: headers({ Accept: "application/json" }),
      signal,
    });
    const body = (await response.json()) as { data: Row<P>[]; next?: string };
    rows = rows.concat(body.data);
    cursor = body.next;
    if (cursor !== undefined && pages === 1) return { rows, more: true };
  }
  return { rows, more: false };
}

/** What a change made happen, fact by fact, in words; and a secret that is said only now. */
export interface Done {
  facts: string[];
  /** What it would mean, where the change says that: who is hit by planned work. */
  rows: Record<string, string | number>[];
  secret?: string | undefined;
}

/** Makes a repeated change known; randomUUID is for pages over TLS alone. */
export const newRequestKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export interface Change {
  parts: Values;
  body: Values;
  dryRun: boolean;
  requestKey: string;
}

export async function change(path: ActionPath, { parts, body, dryRun, requestKey }: Change): Promise<Done> {
  const response = await ask(addressOf(path, parts, dryRun ? { dry_run: true } : {}), {
    method: "POST",
    headers: headers({ "Content-Type": "application/json", "Idempotency-Key": requestKey }),
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { facts?: { what: string }[]; data?: Done["rows"]; secret?: string };
  return { facts: (answer.facts ?? []).map((fact) => fact.what), rows: answer.data ?? [], secret: answer.secret };
}

/** A document as the server makes it: a spreadsheet's rows, an invoice. */
export async function documentOf(path: string, parts: Values, query: Values, accept: string): Promise<Blob> {
  const response = await ask(addressOf(path, parts, query), { headers: headers({ Accept: accept }) });
  return response.blob();
}

export const whoAmI = async (): Promise<Me> => (await ask("/v1/me", { headers: headers() })).json();
