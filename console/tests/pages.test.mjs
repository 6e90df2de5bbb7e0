// Every page, with each of its tabs: read by everybody, light and dark, and on a phone.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Browser, Cloud, pictures, settled } from "./cloud.mjs";

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

const PAGES = [
  ["overview", "/"],
  ["calendar", "/calendar"],
  ["leases", "/leases"],
  ["lease", "/leases/comet"],
  ["fleet", "/fleet", ["Racks", "Servers", "Out of service", "Maintenance"]],
  ["money", "/money", ["Books", "Revenue and backlog", "Who it depends on", "For lenders"]],
  ["invoice", "/money/invoices/invoice-61"],
  ["use", "/use"],
  ["access", "/access"],
  ["audit", "/audit", ["The proof that nothing is sold twice"]],
  ["nowhere", "/nowhere"],
];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Calls `look` at every page and each of its tabs. */
async function eachPage(page, look) {
  for (const [name, path, tabs = []] of PAGES) {
    await page.goto(cloud.address + path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await settled(page);
    await look(name);
    for (const tab of tabs) {
      await page.getByRole("tab", { name: tab }).click();
      await settled(page);
      await look(`${name}-${tab.toLowerCase().replaceAll(" ", "-")}`);
    }
  }
}

for (const colorScheme of ["light", "dark"])
  test(`every page can be read by everybody, ${colorScheme}`, async () => {
    const page = await browser.enter(cloud, cloud.keys.owner, { colorScheme });
    await eachPage(page, async (name) => {
      await page.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`) });
      const faults = await page.evaluate(async (source) => {
        const run = new Function(`${source}; return axe.run();`);
        return (await run()).violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.map(({ target }) => target.join(" ")) }));
      }, axe);
      assert.deepEqual(faults.filter(({ impact }) => impact === "serious" || impact === "critical"), [], name);
    });
    assert.deepEqual(page.complaints, []);
  });

test("on a phone nothing has to be moved sideways but tables", async () => {
  const page = await browser.enter(cloud, cloud.keys.owner, { viewport: { width: 375, height: 760 } });
  await eachPage(page, async (name) => {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${name} is ${over} pixels too wide`);
    await page.screenshot({ path: join(pictures, `${name}-phone.png`) });
  });
});
