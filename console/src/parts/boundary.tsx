// A page that fails says so, and leaves the rest of the console as it is.
import { Alert, Button } from "@mantine/core";
import { Component, type ReactNode } from "react";

export class Boundary extends Component<{ children: ReactNode }, { failed: Error | null }> {
  override state: { failed: Error | null } = { failed: null };
  static getDerivedStateFromError(failed: Error) {
    return { failed };
  }
  override render() {
    const { failed } = this.state;
    if (!failed) return this.props.children;
    return (
      <>
        <h1>This page cannot be shown</h1>
        <Alert color="red" variant="outline" role="alert">
          {failed.message}
          <Button mt="sm" size="compact-sm" variant="default" onClick={() => this.setState({ failed: null })}>
            Try again
          </Button>
        </Alert>
      </>
    );
  }
}
