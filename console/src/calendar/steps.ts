// Amounts over time as steps, and sums of them: what the pictures are drawn from. Times are
// milliseconds UTC; `until` is Infinity where a term is open.

export const DAY = 86_400_000;
/** "2027-01-01", of a moment. */
export const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

export interface Promise_ {
  line: string;
  lessee: string;
  kind: string;
  amount: number;
  from: number;
  until: number;
}

/** Levels over time: `level[i]` from `at[i]` until `at[i + 1]`. */
export interface Steps {
  at: Float64Array;
  level: Float64Array;
}

export function stepsOf(changes: { at: number; by: number }[]): Steps {
  const sorted = changes.filter(({ at }) => Number.isFinite(at)).sort((a, b) => a.at - b.at);
  const at: number[] = [];
  const level: number[] = [];
  let sum = 0;
  for (const change of sorted) {
    sum += change.by;
    if (at.at(-1) === change.at) level[level.length - 1] = sum;
    else {
      at.push(change.at);
      level.push(sum);
    }
  }
  return { at: Float64Array.from(at), level: Float64Array.from(level) };
}

export const changesOf = (promises: Promise_[]) =>
  promises.flatMap(({ amount, from, until }) => [
    { at: from, by: amount },
    { at: until, by: -amount },
  ]);

/** The last step at or before a moment; -1 before the first. */
export function stepAt(steps: Steps, moment: number): number {
  let low = 0;
  let high = steps.at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps.at[middle] ?? Infinity) <= moment) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export const levelAt = (steps: Steps, moment: number) => steps.level[stepAt(steps, moment)] ?? 0;

export const highest = (steps: Steps) => steps.level.reduce((most, level) => Math.max(most, level), 0);

export interface Series {
  name: string;
  steps: Steps;
}

/** By lessee, the largest first; who is beyond `most` is summed as "others". Each is the sum of itself
 *  and those before it, so that they can be drawn as a stack from the last to the first. `all` is
 *  what is promised in all: what of it is nobody's by name comes last. */
export function stacked(promises: Promise_[], all: Steps, most: number): Series[] {
  const of = new Map<string, Promise_[]>();
  for (const promise of promises) {
    const name = promise.kind === "hold" ? "on hold" : promise.lessee || "another's";
    const own = of.get(name);
    if (own) own.push(promise);
    else of.set(name, [promise]);
  }
  const weight = (some: Promise_[]) => some.reduce((sum, { amount }) => sum + amount, 0);
  const ranked = [...of.entries()].sort((a, b) => weight(b[1]) - weight(a[1]));
  const kept = ranked.slice(0, most);
  const rest = ranked.slice(most).flatMap(([, some]) => some);
  if (rest.length > 0) kept.push(["others", rest]);
  const below: Promise_[] = [];
  const series = kept.map(([name, some]) => {
    for (const promise of some) below.push(promise);
    return { name, steps: stepsOf(changesOf(below)) };
  });
  // Instances on demand, and what is not for the viewer's eyes.
  const named = series.at(-1)?.steps;
  const more = all.at.some((at, i) => (all.level[i] ?? 0) > (named ? levelAt(named, at) : 0));
  return more ? [...series, { name: "others and on demand", steps: all }] : series;
}
