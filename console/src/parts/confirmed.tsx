// Asks before something is done; what cannot be undone is confirmed by its name.
import { Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { useChange } from "../api/queries";
import { Refused } from "./states";

interface Props {
  title: string;
  /** To be typed; nothing where a click is enough. */
  name?: string | undefined;
  change: ReturnType<typeof useChange>;
  act: () => void;
  close: () => void;
  /** What else has to be said. */
  children?: ReactNode;
}

export function Confirmed({ title, name, change, act, close, children }: Props) {
  const [typed, setTyped] = useState("");
  const ready = name === undefined || typed === name;
  return (
    <Modal opened onClose={close} title={title} lockScroll={false} closeButtonProps={{ "aria-label": "Close" }}>
      {change.isSuccess ? (
        <>
          <Text size="sm" className="lines" role="status">
            {change.data.join("\n")}
          </Text>
          <Group justify="flex-end" mt="md">
            <Button onClick={close}>Close</Button>
          </Group>
        </>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) act();
          }}
        >
          {children}
          {name !== undefined && (
            <TextInput
              label={`Type ${name} to confirm`}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
            />
          )}
          {change.error && <Refused problem={change.error} />}
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={close}>
              Leave it
            </Button>
            <Button type="submit" disabled={!ready} loading={change.isPending}>
              {title.split(" ")[0]}
            </Button>
          </Group>
        </form>
      )}
    </Modal>
  );
}
