// What stands where there are no rows: they are on their way, there are none, or the server said no.
import { Alert, Group, Loader, Text } from "@mantine/core";
import { useEffect, useState, type ReactNode } from "react";
import type { Problem } from "../api/client";

const TITLES: Record<number, string> = {
  0: "There was no answer",
  401: "Who asks is not known",
  403: "This is not for your role",
  404: "There is no such thing",
  409: "It was refused",
  503: "The server cannot answer now",
};

export function Refused({ problem }: { problem: Problem }) {
  return (
    <Alert color="red" variant="outline" title={TITLES[problem.status] ?? "It did not work"} role="alert">
      <Text size="sm" className="lines">
        {problem.message}
      </Text>
    </Alert>
  );
}

const SOON = 2; // seconds that nobody minds

/** Something is on its way; where it takes long, for how long it has been. */
export function Waiting({ what = "Loading" }: { what?: string }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const ticking = window.setInterval(() => setSeconds((passed) => passed + 1), 1000);
    return () => window.clearInterval(ticking);
  }, []);
  return (
    <Group gap="xs" role="status">
      <Loader size="sm" aria-label={what} />
      {seconds >= SOON && (
        <Text size="sm">
          {what}: {seconds} s so far
        </Text>
      )}
    </Group>
  );
}

interface Asked {
  isPending: boolean;
  error: Problem | null;
}

export function Loaded({ of, children }: { of: Asked; children: () => ReactNode }) {
  if (of.error) return <Refused problem={of.error} />;
  if (of.isPending) return <Waiting />;
  return <>{children()}</>;
}
