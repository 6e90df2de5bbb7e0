import { Anchor, Button, PasswordInput, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { key, type Problem } from "../api/client";

export function SignIn({ problem, entered }: { problem: Problem; entered: () => void }) {
  const [secret, setSecret] = useState("");
  // Where people sign in with a provider, the server sends them there.
  const provider = useQuery({
    queryKey: ["provider"],
    queryFn: async () => (await fetch("/v1/sign-in", { redirect: "manual" })).type === "opaqueredirect",
  });
  const refused = key.get() !== null && problem.status === 401;
  return (
    <main className="alone">
      <h1>Leasehold</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          key.set(secret.trim());
          entered();
        }}
      >
        <PasswordInput
          label="API key"
          description="It is kept in this tab until it is closed."
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
          error={refused ? "This key is not known, revoked or expired." : undefined}
          autoFocus
          required
        />
        <Button type="submit" mt="sm" fullWidth>
          Enter
        </Button>
      </form>
      {problem.status !== 401 && (
        <Text role="alert" size="sm">
          {problem.message}
        </Text>
      )}
      {provider.data && (
        <Text size="sm">
          Or <Anchor href="/v1/sign-in">sign in with your company's account</Anchor>.
        </Text>
      )}
    </main>
  );
}
