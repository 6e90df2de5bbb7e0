// What people do with the console, in a real browser against a real server.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Browser, Cloud, goTo, root } from "./cloud.mjs";

let cloud;
let browser;

before(async () => {
  cloud = Cloud.comet();
  await cloud.serve();
  browser = await Browser.open();
});

after(async () => {
  await browser?.close();
  await cloud?.stop();
});

// Exact words of the page, wherever they stand.
const sees = (page, text) => page.getByText(text).first().waitFor();

test("who has no key is asked for one, and told when it is wrong", async () => {
  const page = await browser.enter(cloud, undefined);
  await page.getByLabel("API key").fill("lh_not-a-key");
  await page.getByRole("button", { name: "Enter" }).click();
  await sees(page, "This key is not known, revoked or expired.");
  await page.getByLabel("API key").fill(cloud.keys.owner);
  await page.getByRole("button", { name: "Enter" }).click();
  await sees(page, "owner, owner");
  assert.ok(!page.url().includes("lh_"), "the address does not keep the key");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("API key").waitFor();
});

test("the overview says what the command line says", async () => {
  const page = await browser.enter(cloud, cloud.keys.owner);
  await sees(page, "66.43 MW");
  await sees(page, "of 80 MW leased is for servers");
  await sees(page, "92.0 % sold");
  await page.getByRole("img", { name: "nvidia brings 51.5 % of revenue" }).waitFor();
  assert.deepEqual(page.complaints, []);
});

test("the capacity desk asks the calendar, quotes, holds and signs", async () => {
  const page = await browser.enter(cloud, cloud.keys.capacity);
  await goTo(page, "Calendar");
  await page.getByRole("textbox", { name: "Of what" }).click();
  await page.getByRole("option", { name: "b200-home" }).click();
  const picture = page.getByRole("img", { name: /Supply and promises of b200-home: 2 promises to 2 lessees/ });
  await picture.waitFor();
  const box = await picture.boundingBox();
  await page.keyboard.down("Shift");
  await page.mouse.move(box.x + 500, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + 640, box.y + 120, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.up("Shift");
  const asked = page.getByRole("region", { name: "What is free" });
  assert.match(await asked.getByLabel("From").inputValue(), /^2027-/, "the window is where it was drawn");
  await asked.getByLabel("From").fill("2027-05-01");
  await asked.getByLabel("Until").fill("2028-05-01");
  await asked.getByText("2,976").waitFor();
  await page.getByRole("button", { name: "Quote it" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Lessee").fill("midjourney");
  await dialog.getByLabel("Quantity").fill("10 servers");
  await dialog.getByRole("button", { name: "Preview" }).click();
  await dialog.getByText("It would happen:").waitFor();
  await dialog.getByRole("button", { name: "Quote it" }).click();
  await dialog.getByText("quote quote-1: lambda to midjourney, 10 servers from b200-home").waitFor();
  await dialog.getByRole("button", { name: "Done" }).click();
  await goTo(page, "Leases");
  await page.getByRole("button", { name: "Hold", exact: true }).click();
  await dialog.getByRole("button", { name: "Hold" }).click();
  await dialog.getByText(/quote-1 holds|quote-1 held|until/).first().waitFor();
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Sign", exact: true }).click();
  const sign = dialog.getByRole("button", { name: "Sign" });
  assert.ok(await sign.isDisabled(), "nothing is signed without its name");
  await dialog.getByLabel("Type quote-1 to confirm").fill("quote-1");
  await sign.click();
  await dialog.getByText(/lease .* signed/).waitFor();
});

test("a refusal says what would fit, and a click takes it", async () => {
  const page = await browser.enter(cloud, cloud.keys.capacity);
  await page.goto(`${cloud.address}/calendar/b200-kansas-city`);
  await page.getByRole("button", { name: "Quote it" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Lessee").fill("midjourney");
  await dialog.getByLabel("Quantity").fill("50 servers");
  await dialog.getByRole("button", { name: "Preview" }).click();
  await dialog.getByRole("alert").getByText(/is short by/).waitFor();
  await dialog.getByRole("group", { name: "What would fit" }).getByRole("button", { name: /fewer: 304/ }).click();
  assert.equal(await dialog.getByLabel("Quantity").inputValue(), "304 accelerators");
  await dialog.getByRole("button", { name: "Preview" }).click();
  await dialog.getByText("It would happen:").waitFor();
});

test("whatever is named is found with the keyboard alone", async () => {
  const page = await browser.enter(cloud, cloud.keys.owner);
  await page.keyboard.press("/");
  await page.getByRole("dialog").getByRole("combobox").fill("comet lease");
  await page.getByRole("option", { name: /comet lease of nvidia/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Lease comet" }).waitFor();
  await page.getByRole("region", { name: "The facts behind it" }).getByText(/lease comet \(lease-5\) signed/).waitFor();
});

test("finance sees who the company depends on", async () => {
  const page = await browser.enter(cloud, cloud.keys.finance);
  await goTo(page, "Money");
  await page.getByRole("tab", { name: "Who it depends on" }).click();
  await page.getByRole("img", { name: /nvidia pays 191.99 M USD and is supplier, shareholder/ }).waitFor();
  await page.getByRole("tab", { name: "Revenue and backlog" }).click();
  await page.getByRole("region", { name: "Backlog by quarter" }).getByText("2026-Q3").waitFor();
});

test("a table is given as a spreadsheet", async () => {
  const page = await browser.enter(cloud, cloud.keys.finance);
  await goTo(page, "Leases");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV" }).first().click()]);
  assert.equal(download.suggestedFilename(), "lines-of-leases.csv");
  const rows = readFileSync(await download.path(), "utf8").split("\n");
  assert.equal(rows[0], "line,lessor,lessee,source,from,until,runs_then,price,use");
  assert.ok(rows.some((row) => row.startsWith("comet.1,lambda,nvidia,")));
});

test("every page is of the moment that is chosen", async () => {
  const page = await browser.enter(cloud, cloud.keys.auditor);
  await goTo(page, "Leases");
  const lines = page.getByRole("region", { name: "Lines of leases", exact: true });
  await lines.getByText("comet.1").first().waitFor();
  await page.getByLabel("The day that is shown, in UTC").fill("2026-02-01");
  await lines.getByRole("row", { name: /comet\.1/ }).getByText("2,500").waitFor();
  await page.getByRole("button", { name: "Now" }).click();
  await lines.getByRole("row", { name: /comet\.1/ }).getByText("10,000").waitFor();
});

test("a reseller sees its lease as a pool of its own", async () => {
  const page = await browser.enter(cloud, cloud.keys.reseller);
  await page.getByRole("heading", { name: "The cloud of nvidia" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Fleet" }).count(), 0);
  const slice = page.getByRole("region", { name: "Leased, and leased on" });
  await slice.getByText("18,000").waitFor();
  await slice.getByText("8,552 of them are leased on; 9,448 are for your own use").waitFor();
  await page.getByRole("img", { name: /regional-cloud brings .* of revenue/ }).waitFor();
  await page.getByRole("link", { name: "comet.1" }).first().click();
  await page.getByRole("region", { name: "Sublet from it" }).getByText("regional-cloud").waitFor();
  await page.getByRole("link", { name: "comet.1" }).first().click();
  await page.goto(`${cloud.address}/calendar/comet.1`);
  await page.getByRole("img", { name: /Supply and promises of comet\.1: .* 3 lessees/ }).waitFor();
});

test("a tenant launches an instance and ends it by its name", async () => {
  const rental = new Cloud(join(root, "scenarios/rental.yaml"), "2026-07-15");
  rental.key("ai-team", "--role", "tenant", "--party", "ai-team");
  await rental.serve();
  const page = await browser.enter(rental, rental.keys["ai-team"]);
  await goTo(page, "Instances and usage");
  assert.equal(await page.getByRole("link", { name: "Money" }).count(), 0, "a tenant sees no money");
  await page.getByRole("button", { name: "Launch an instance" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Account").fill("h100-ashburn");
  await dialog.getByLabel("Name").fill("train-1");
  await dialog.getByRole("button", { name: "Launch an instance" }).click();
  await dialog.getByRole("button", { name: "Done" }).click();
  const row = page.getByRole("region", { name: "Instances" }).getByRole("row", { name: /train-1/ });
  await row.getByText("running").waitFor();
  await row.getByRole("button", { name: "End" }).click();
  await dialog.getByLabel("Type train-1 to confirm").fill("train-1");
  await dialog.getByRole("button", { name: "End" }).click();
  await dialog.getByRole("button", { name: "Done" }).click();
  await row.getByText("ended").waitFor();
  await rental.stop();
});

test("a change whose answer was lost is done once when it is asked again", async () => {
  const page = await browser.enter(cloud, cloud.keys.owner);
  await goTo(page, "Keys and people");
  let lost = 0;
  await page.route("**/v1/keys", async (route) => {
    if (route.request().method() !== "POST" || lost++ > 0) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await page.getByRole("button", { name: "Make a key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("once");
  await dialog.getByRole("button", { name: "Make a key" }).click();
  await dialog.getByRole("alert").waitFor();
  await dialog.getByRole("button", { name: "Make a key" }).click();
  await dialog.getByText(/key once/).waitFor();
  assert.equal(lost, 2);
});

test("what happens elsewhere is shown without asking", async () => {
  const page = await browser.enter(cloud, cloud.keys.owner);
  await goTo(page, "Keys and people");
  await page.getByRole("region", { name: "Keys" }).getByText("auditor").first().waitFor();
  await cloud.post("/v1/keys", { name: "night-shift", role: "capacity" });
  await page.getByRole("region", { name: "Keys" }).getByText("night-shift").waitFor();
});

test("the operator sees racks as they stand, and what planned work would break", async () => {
  const rental = new Cloud(join(root, "scenarios/rental.yaml"), "2026-07-15");
  rental.key("desk", "--role", "owner");
  await rental.serve();
  const page = await browser.enter(rental, rental.keys.desk);
  await goTo(page, "Fleet");
  await page.getByRole("tab", { name: "Racks" }).click();
  await page.getByRole("group", { name: "Racks of row ash-a" }).getByRole("img", { name: "ash-r1: 32 of 48 places filled, 40.8 kW of 50 kW drawn" }).waitFor();
  await page.getByRole("tab", { name: "Maintenance" }).click();
  await page.getByRole("button", { name: "Plan work" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Scope").fill("rack ash-r1");
  await dialog.getByLabel("From").fill("2026-08-01");
  await dialog.getByLabel("Until").fill("2026-08-02");
  await dialog.getByRole("button", { name: "Preview" }).click();
  await dialog.getByText("It would happen:").waitFor();
  await dialog.getByRole("region", { name: "What it means" }).getByRole("row", { name: /team\.1 ai-team 1/ }).waitFor();
  await rental.stop();
});

test("a payment is recorded on an invoice that is looked at", async () => {
  const billed = new Cloud(join(root, "scenarios/rental.yaml"), "2026-07-15");
  billed.run("invoice", "run", "--through", "2026-06");
  billed.key("finance", "--role", "finance");
  await billed.serve();
  const page = await browser.enter(billed, billed.keys.finance);
  await goTo(page, "Money");
  await page.getByRole("link", { name: "invoice-1", exact: true }).click();
  await page.frameLocator("iframe").getByText("ai-team").first().waitFor();
  await page.getByRole("button", { name: "Record a payment" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Record a payment" }).click();
  await dialog.getByText(/paid|payment/).first().waitFor();
  assert.deepEqual(page.complaints, []);
  await billed.stop();
});
