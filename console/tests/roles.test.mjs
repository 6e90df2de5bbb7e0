// A day of each role, as docs/console.md tells it, over the cloud that quickstart serves. The pictures of
// the documents are made here.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Browser, Cloud, goTo, pictures, root, settled } from "./cloud.mjs";

let cloud;
let browser;

before(async () => {
  mkdirSync(pictures, { recursive: true });
  cloud = Cloud.tour();
  await cloud.serve();
  browser = await Browser.open();
});

after(async () => {
  await browser?.close();
  await cloud?.stop();
});

const enter = (role) => browser.enter(cloud, cloud.keys[role], { viewport: { width: 1280, height: 800 } });

async function picture(page, name) {
  await settled(page);
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

test("the capacity desk looks what an amendment would do, and who is below", async () => {
  const page = await enter("capacity");
  await settled(page);
  await goTo(page, "Calendar");
  await page.getByRole("textbox", { name: "Of what" }).click();
  await page.getByRole("option", { name: "b200-kansas-city" }).click();
  await page.getByRole("img", { name: /Supply and promises of b200-kansas-city/ }).waitFor();
  await picture(page, "calendar");
  const ask = page.getByRole("region", { name: "What is free" });
  await ask.getByLabel("How many").fill("60 servers");
  await ask.getByText("60 servers for 365 days: from 2030-01-01").waitFor();
  await page.getByRole("region", { name: "What it is promised to" }).getByRole("link", { name: "Its calendar" }).first().click();
  await page.getByRole("img", { name: /Supply and promises of comet\.1: .* 3 lessees/ }).waitFor();
  await page.getByLabel("Tiers above").getByRole("link", { name: "b200-kansas-city" }).waitFor();
  await page.getByRole("link", { name: "research.1" }).click();
  await page.goto(`${cloud.address}/leases/comet`);
  await page.getByRole("button", { name: "Amend" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Change").fill("reduce");
  await dialog.getByLabel("From").fill("2027-01-01");
  await dialog.getByLabel("Until").fill("2027-06-01");
  await dialog.getByLabel("Quantity").fill("2000 accelerators");
  await dialog.getByRole("button", { name: "Preview" }).click();
  await dialog.getByRole("img", { name: "b200-kansas-city before and after" }).waitFor();
  await dialog.getByRole("img", { name: "comet.1 before and after" }).waitFor();
  await picture(page, "amendment");
  assert.deepEqual(page.complaints, []);
});

test("the desk sees a hall from above, the server that failed and the one in its place", async () => {
  const page = await enter("capacity");
  await goTo(page, "Fleet");
  await page.getByRole("tab", { name: "Racks" }).click();
  const hall = page.getByRole("group", { name: "The hall from above" });
  await hall.getByRole("img", { name: /^pa2: .* 1 servers out of service$/ }).waitFor();
  await page.getByRole("group", { name: "Racks of row plano-a" }).getByRole("img", { name: /^pa1: 40 of 48 places filled/ }).waitFor();
  await picture(page, "hall");
  await hall.getByText("plano-b").click();
  await page.getByRole("group", { name: "Racks of row plano-b" }).waitFor();
  await page.getByRole("tab", { name: "Out of service" }).click();
  const bad = page.getByRole("region", { name: "Servers out of service" });
  await bad.getByRole("row", { name: /P007 .* Xid 79: GPU off the bus .* spare/ }).waitFor();
  assert.deepEqual(page.complaints, []);
});

test("finance asks who it depends on, why a charge is what it is, and records a payment", async () => {
  const page = await enter("finance");
  await goTo(page, "Money");
  await page.getByRole("tab", { name: "Revenue and backlog" }).click();
  await page.getByRole("img", { name: "Revenue of lambda by month" }).waitFor();
  await page.getByRole("tab", { name: "Who it depends on" }).click();
  await page.getByRole("img", { name: /nvidia pays .* and is supplier, shareholder/ }).waitFor();
  await picture(page, "dependence");
  await page.getByRole("tab", { name: "Invoices" }).click();
  await page.getByLabel("Filter invoices").fill("LAMBDA-000065");
  await page.getByRole("link", { name: "invoice-65", exact: true }).click();
  await page.getByRole("button", { name: /^Why/ }).first().click();
  const why = page.getByRole("region", { name: "Why charge 1 is what it is" });
  await why.getByText(/^amount: /).waitFor();
  await why.getByText(/^rounding: once, half to even/).waitFor();
  await why.getByText(/signed: lambda to developers/).first().waitFor();
  await page.getByRole("button", { name: "Record a payment" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Record a payment" }).click();
  await dialog.getByRole("button", { name: "Done" }).click();
  await goTo(page, "Money");
  await page.getByLabel("Filter invoices").fill("LAMBDA-000065");
  await page.getByRole("region", { name: "Invoices" }).getByRole("row", { name: /LAMBDA-000065/ }).getByText("paid").waitFor();
  assert.deepEqual(page.complaints, []);
});

test("the reseller sublets what it has left, and sees it in its own cloud", async () => {
  const page = await enter("reseller");
  await page.getByRole("region", { name: "Leased, and leased on" }).getByText("8,552 of them are leased on").waitFor();
  await page.getByRole("img", { name: /regional-cloud brings .* of revenue/ }).waitFor();
  await picture(page, "reseller");
  await page.getByRole("link", { name: "comet.1" }).first().click();
  await page.getByRole("button", { name: "Sublease from it" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Lessee").fill("ai-team");
  await dialog.getByLabel("Quantity").fill("50 servers");
  await dialog.getByLabel("Start").fill("2026-07-01");
  await dialog.getByLabel("Term").fill("3 months");
  await dialog.getByLabel("Name").fill("burst");
  await dialog.getByRole("button", { name: "Preview" }).click();
  await dialog.getByRole("img", { name: "comet.1 before and after" }).waitFor();
  await dialog.getByRole("button", { name: "Sublease from it" }).click();
  await dialog.getByText(/sublease burst .* signed: nvidia to ai-team, 50 servers from comet\.1/).waitFor();
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByLabel("The day that is shown, in UTC").fill("2026-07-15");
  await page.getByRole("region", { name: "Sublet from it" }).getByText("burst.1").waitFor();
  assert.deepEqual(page.complaints, []);
});

test("a tenant sees what its days cost, is told of its budget, and launches what it may", async () => {
  const page = await enter("tenant");
  await goTo(page, "Instances and usage");
  const spend = page.getByRole("region", { name: "Cost and usage by day" });
  await spend.getByRole("status").getByText("4.76 M USD").waitFor();
  await spend.getByRole("img", { name: "Cost of ai-lab by day in 2026-06" }).waitFor();
  const budget = page.getByRole("region", { name: "Budget of ai-lab" });
  await budget.getByText("40.0 % is reached").waitFor();
  await page.setViewportSize({ width: 1280, height: 1000 });
  await picture(page, "tenant");
  await spend.getByText("Accelerator-hours used").click();
  await spend.getByRole("img", { name: "Accelerator-hours used of ai-lab by day in 2026-06" }).waitFor();
  await page.getByRole("button", { name: "Set a budget" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Monthly").fill("5 million USD");
  await dialog.getByLabel("Alerts").fill("90 %");
  await dialog.getByRole("button", { name: "Set a budget" }).click();
  await dialog.getByText("spend budget of ai-lab: 5,000,000.00 USD a month, told of at 90 %").waitFor();
  await dialog.getByRole("button", { name: "Done" }).click();
  // The server looks by itself, and the page is told.
  await budget.getByText("90.0 % is reached").waitFor();
  await page.getByRole("button", { name: "Launch an instance" }).click();
  await dialog.getByLabel("Account").fill("plano-lab.1");
  await dialog.getByLabel("Kind").fill("committed");
  await dialog.getByLabel("Name").fill("evaluation");
  await dialog.getByLabel("Servers").fill("2");
  await dialog.getByRole("button", { name: "Launch an instance" }).click();
  await dialog.getByRole("button", { name: "Done" }).click();
  const row = page.getByRole("region", { name: "Instances" }).getByRole("row", { name: /evaluation/ });
  await row.getByText("running").waitFor();
  await row.getByRole("button", { name: "End" }).click();
  await dialog.getByLabel("Type evaluation to confirm").fill("evaluation");
  await dialog.getByRole("button", { name: "End" }).click();
  await dialog.getByRole("button", { name: "Done" }).click();
  await row.getByText("ended").waitFor();
  assert.deepEqual(page.complaints, []);
});

test("the auditor goes back in time, reads who did what, and the proof; the lender its tape", async () => {
  const page = await enter("auditor");
  await picture(page, "overview");
  assert.equal(await page.getByRole("button", { name: "Sign a lease" }).count(), 0, "an auditor changes nothing");
  await page.getByLabel("The day that is shown, in UTC").fill("2025-08-01");
  await page.getByText(/^47 MW|45.8 MW/).first().waitFor();
  await page.getByRole("button", { name: "Now" }).click();
  await goTo(page, "Audit");
  await page.getByLabel("Filter the trail").fill("budget");
  await page.getByRole("region", { name: "The trail" }).getByText("spend_budget_reached").first().waitFor();
  await page.getByRole("tab", { name: "The proof that nothing is sold twice" }).click();
  const proof = page.getByRole("region", { name: "Each account, over all its time" });
  await proof.getByRole("row", { name: /comet\.1/ }).getByText("ok").waitFor();
  await picture(page, "proof");
  await goTo(page, "Money");
  await page.getByRole("tab", { name: "For lenders" }).click();
  await page.getByRole("region", { name: "The contract tape" }).getByText("related: supplies owns").first().waitFor();
  assert.deepEqual(page.complaints, []);
});

test("the documents show pictures that are made here, and only README's are kept", () => {
  const made = new Set(readdirSync(pictures));
  const named = (file) => [...readFileSync(join(root, file), "utf8").matchAll(/pictures\/([a-z-]+\.png)/g)].map(([, name]) => name);
  const kept = readdirSync(join(root, "docs/pictures")).sort();
  assert.deepEqual([...new Set(named("README.md"))].sort(), kept);
  for (const name of [...named("README.md"), ...named("docs/console.md")]) assert.ok(made.has(name), `${name} is made by no test`);
});
