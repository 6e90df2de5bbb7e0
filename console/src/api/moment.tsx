// The moment that every page is about: now, or any other, past or planned.
import { createContext, useContext, useState, type ReactNode } from "react";
import type { Me } from "./client";

interface Moment {
  /** "2027-01-01", or nothing for now. */
  at: string | undefined;
  setAt: (at: string | undefined) => void;
  me: Me;
}

const MomentContext = createContext<Moment | null>(null);

export function MomentProvider({ me, children }: { me: Me; children: ReactNode }) {
  const [at, setAt] = useState<string>();
  return <MomentContext value={{ at, setAt, me }}>{children}</MomentContext>;
}

export function useMoment(): Moment {
  const moment = useContext(MomentContext);
  if (!moment) throw new Error("useMoment is for what is inside a MomentProvider");
  return moment;
}

/** The months that end with a moment's, as questions about months are asked. */
export function monthsOf(moment: string, months: number): { from: string; through: string } {
  const at = new Date(moment);
  const month = (back: number) => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - back)).toISOString().slice(0, 7);
  return { from: month(months - 1), through: month(0) };
}
