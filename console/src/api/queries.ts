// What pages ask for, kept until something happened.
import { keepPreviousData, useMutation, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useEffect } from "react";
import { change, headers, maySee, rowsOf, type ActionPath, type Change, type Done, type Page, type Problem, type RowsPath, type Values } from "./client";
import { useMoment } from "./moment";

/** Rows of an answer at the moment that the pages are about: the first 10,000 of each of its pages. */
export function useRows<P extends RowsPath>(
  path: P,
  parts: Values = {},
  query: Values = {},
  enabled = true,
  pages = 1,
): UseQueryResult<Page<P>, Problem> {
  const { at, me } = useMoment();
  const asked = at ? { ...query, at } : query;
  return useQuery<Page<P>, Problem>({
    queryKey: [path, parts, asked, pages],
    queryFn: ({ signal }) => rowsOf(path, parts, asked, pages, signal),
    placeholderData: keepPreviousData,
    enabled: enabled && maySee(me, path),
  });
}

/** A change; all that is shown is asked for anew after it. */
export function useChange(path: ActionPath) {
  const client = useQueryClient();
  return useMutation<Done, Problem, Change>({
    mutationFn: (asked) => change(path, asked),
    onSuccess: (_, { dryRun }) => {
      if (!dryRun) void client.invalidateQueries();
    },
  });
}

/** Follows what happens, and asks anew for what is shown, at most once a second. */
export function useLive() {
  const client = useQueryClient();
  useEffect(() => {
    const ended = new AbortController();
    let due: number | undefined;
    const refresh = () => {
      due ??= window.setTimeout(() => {
        due = undefined;
        void client.invalidateQueries();
      }, 1000);
    };
    void follow(refresh, ended.signal);
    return () => {
      ended.abort();
      window.clearTimeout(due);
    };
  }, [client]);
}

// Not an EventSource: that cannot say who asks.
async function follow(heard: () => void, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    try {
      const response = await fetch("/v1/events", { headers: headers(), signal: ended });
      if (!response.ok || !response.body) return;
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read())
        if (part.value.includes("data:")) heard();
    } catch {
      // The server stopped, or the network did: asked again below.
    }
    await new Promise((over) => setTimeout(over, 3000));
  }
}
