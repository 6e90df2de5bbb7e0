import { createTheme, MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { key, Problem } from "./api/client";
import { nonce } from "./api/nonce";
import { App } from "./app";
import "@mantine/core/styles.css";
import "./style.css";

// Darker than the kit's own, so that what is written on it or in it can be read.
const theme = createTheme({
  primaryColor: "sea",
  primaryShade: 8,
  colors: {
    sea: ["#e3f5fb", "#cde8f3", "#9dd0e5", "#69b7d7", "#42a2cb", "#2a95c4", "#1a8ec2", "#0b7aab", "#0b6585", "#07435a"],
  },
  defaultRadius: "md",
});

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (tries, error) => tries < 2 && !(error instanceof Problem && error.status < 500),
    },
  },
});

// A way in that somebody was given: /#key=lh_... The address bar forgets it at once.
const given = new URLSearchParams(location.hash.slice(1)).get("key");
if (given) {
  key.set(given);
  history.replaceState(null, "", location.pathname);
}

createRoot(document.getElementById("root") as HTMLElement).render(
  <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </MantineProvider>,
);
