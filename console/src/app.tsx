// Who is there, and where they are.
import { ActionIcon, Button, Loader, Tooltip, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import { key, maySee, whoAmI, type Me, type Problem, type RowsPath } from "./api/client";
import { MomentProvider, useMoment } from "./api/moment";
import { useLive } from "./api/queries";
import { MomentChooser } from "./parts/moment_chooser";
import { Overview } from "./pages/overview";
import { Boundary } from "./parts/boundary";
import { Acting } from "./parts/act";
import { Search } from "./parts/search";
import { SignIn } from "./pages/sign_in";

const Calendar = lazy(() => import("./pages/calendar"));
const Leases = lazy(() => import("./pages/leases"));
const Lease = lazy(() => import("./pages/lease"));
const Fleet = lazy(() => import("./pages/fleet"));
const Money = lazy(() => import("./pages/money"));
const Invoice = lazy(() => import("./pages/invoice"));
const Use = lazy(() => import("./pages/use"));
const Access = lazy(() => import("./pages/access"));
const Audit = lazy(() => import("./pages/audit"));

export interface Place {
  path: string;
  title: string;
  /** What the page is mostly about: who may not see that does not see the page. */
  about?: RowsPath;
}
const PLACES: Place[] = [
  { path: "/", title: "Overview" },
  { path: "/calendar", title: "Calendar", about: "/v1/calendars/{account}" },
  { path: "/leases", title: "Leases", about: "/v1/leases" },
  { path: "/fleet", title: "Fleet", about: "/v1/sites" },
  { path: "/money", title: "Money", about: "/v1/invoices" },
  { path: "/use", title: "Instances and usage" },
  { path: "/access", title: "Keys and people", about: "/v1/keys" },
  { path: "/audit", title: "Audit", about: "/v1/audit" },
];

function Places() {
  const [location] = useLocation();
  const { me } = useMoment();
  return (
    <nav aria-label="Pages">
      {PLACES.filter((place) => !place.about || maySee(me, place.about)).map(({ path, title }) => (
        <Link key={path} href={path} aria-current={(path === "/" ? location === "/" : location.startsWith(path)) ? "page" : undefined}>
          {title}
        </Link>
      ))}
    </nav>
  );
}

function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const other = useComputedColorScheme("light") === "light" ? "dark" : "light";
  return (
    <Tooltip label={`Show it ${other}`}>
      <ActionIcon variant="default" aria-label={`Show it ${other}`} onClick={() => setColorScheme(other)}>
        {other === "dark" ? "☾" : "☀"}
      </ActionIcon>
    </Tooltip>
  );
}

function Frame({ leave }: { leave: () => void }) {
  useLive();
  const [location] = useLocation();
  const { me } = useMoment();
  return (
    <div className="frame">
      <header>
        <Link href="/" className="mark">
          <img src="/icon.svg" width="24" height="24" alt="" />
          Leasehold
        </Link>
        <MomentChooser />
        <Search places={PLACES} />
        <span className="spread" />
        <span className="aside">
          {me.name}, {me.role.replaceAll("_", " ")}
          {me.party ? ` of ${me.party}` : ""}
        </span>
        <SchemeButton />
        <Button size="compact-sm" variant="default" onClick={leave}>
          Sign out
        </Button>
      </header>
      <Places />
      <main>
        <Boundary key={location.split("/")[1]}>
          <Acting>
            <Suspense fallback={<Loader size="sm" aria-label="Loading" />}>
              <Switch>
                <Route path="/" component={Overview} />
                <Route path="/calendar/:account?" component={Calendar} />
                <Route path="/leases" component={Leases} />
                <Route path="/leases/:lease" component={Lease} />
                <Route path="/fleet" component={Fleet} />
                <Route path="/money/invoices/:invoice" component={Invoice} />
                <Route path="/money" component={Money} />
                <Route path="/use" component={Use} />
                <Route path="/access" component={Access} />
                <Route path="/audit" component={Audit} />
                <Route>
                  <h1>There is no such page</h1>
                </Route>
              </Switch>
            </Suspense>
            <footer className="aside">All moments are UTC. Amounts are in the currency that stands beside them.</footer>
          </Acting>
        </Boundary>
      </main>
    </div>
  );
}

export function App() {
  const queries = useQueryClient();
  const me = useQuery<Me, Problem>({ queryKey: ["me"], queryFn: whoAmI, staleTime: Infinity });
  const anew = () => {
    queries.clear();
    void me.refetch();
  };
  const leave = async () => {
    key.forget();
    await fetch("/v1/sign-out", { method: "POST" }).catch(() => undefined);
    anew();
  };
  if (me.isPending) return <Loader m="xl" aria-label="Loading" />;
  if (me.error) return <SignIn problem={me.error} entered={anew} />;
  return (
    <MomentProvider me={me.data}>
      <Frame leave={() => void leave()} />
    </MomentProvider>
  );
}
