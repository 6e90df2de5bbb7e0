// The console in Chromium, against a real server: what has to be loaded, how soon the first page can
// be used, and how smoothly a calendar with 10,000 leases is panned.
//   bench/console.mjs [--json] [--quick] FOLDER
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Browser, Cloud, root } from "../console/tests/cloud.mjs";

const json = process.argv.includes("--json");
const quick = process.argv.includes("--quick");
const folder = process.argv.at(-1);
const NOW = "2026-06-15";

// As the other benchmarks print: `ratio` is the bar by the figure, above 1 where it is reached.
function print(figure, value, unit, against, ratio) {
  const rounded = Number(value.toPrecision(4));
  const share = Number(ratio.toPrecision(4));
  if (json) console.log(JSON.stringify({ figure, value: rounded, unit, against, ratio: share }));
  else console.log(`${figure.padEnd(28)} ${String(rounded).padStart(10)} ${unit.padEnd(14)} ${against.padEnd(58)} ${String(share).padStart(9)}`);
}

function scriptSize() {
  const assets = join(root, "build/console/assets");
  const scripts = readdirSync(assets).filter((name) => name.endsWith(".js"));
  const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name)), { level: 9 }).length, 0);
  print("script_gzip_kb", bytes / 1000, "kB", `all ${scripts.length} files together; at most 350 kB`, 350_000 / bytes);
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

// From the address to figures that can be read, with nothing kept from before.
async function firstPage(browser) {
  const cloud = Cloud.comet();
  await cloud.serve();
  const times = [];
  for (let turn = 0; turn < (quick ? 2 : 9); ++turn) {
    const began = performance.now();
    const page = await browser.enter(cloud, cloud.keys.owner);
    await page.getByText("66.43 MW").waitFor();
    times.push((performance.now() - began) / 1000);
    await page.context().close();
  }
  await cloud.stop();
  print("first_page_s", median(times), "s", `median of ${times.length}, a new tab each; at most 1.5 s`, 1.5 / median(times));
}

// One pool with so many leases over ten years, of fifty lessees.
function largeWorld(leases) {
  const lines = [
    "format: 1", "name: large", "start: 2024-01-01", "parties:", "  - {name: neo}",
    ...Array.from({ length: 50 }, (_, i) => `  - {name: lab-${i}}`),
    "sites:", "  - {name: plain, holder: neo, region: us, power: [{from: 2024-01-01, add: 9 GW}]}",
    "skus:", "  - {name: dgx-b200, model: B200-SXM, per_server: 8, power: 14300 W}",
    "pools:", "  - {name: large, owner: neo, sku: dgx-b200, site: plain, deliveries: [{name: all, quantity: 500000 servers, from: 2024-01-01}]}",
    "leases:",
  ];
  for (let i = 0; i < leases; ++i) {
    const [year, month] = [2024 + ((i * 7) % 9), 1 + ((i * 5) % 12)];
    lines.push(
      `  - {name: l${i}, lessor: neo, lessee: lab-${(i * i) % 50}, lines: [{source: large, quantity: ${1 + ((i * 13) % 90)} servers, ` +
        `start: ${year}-${String(month).padStart(2, "0")}-${String(1 + (i % 28)).padStart(2, "0")}, term: ${3 + ((i * 11) % 40)} months, price: 3 USD/accelerator-hour}]}`,
    );
  }
  const path = join(folder, "large.yaml");
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

// Drags to and fro for some seconds, a step a frame, and counts the frames that were shown.
async function framesPanned(page, milliseconds) {
  const picture = page.getByRole("img", { name: /Supply and promises/ });
  return picture.evaluate(
    (canvas, length) =>
      new Promise((over) => {
        const at = (type, x) => canvas.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: 200, pointerId: 1, bubbles: true }));
        canvas.setPointerCapture = () => undefined;
        at("pointerdown", 600);
        const began = performance.now();
        let frames = 0;
        const step = (now) => {
          if (now - began > length) {
            at("pointerup", 600);
            return over((frames * 1000) / (now - began));
          }
          ++frames;
          at("pointermove", 600 + 200 * Math.sin((now - began) / 400));
          requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
    milliseconds,
  );
}

async function calendar(browser) {
  const leases = quick ? 300 : 10_000;
  const cloud = new Cloud(largeWorld(leases), NOW);
  cloud.key("desk", "--role", "owner");
  await cloud.serve();
  const page = await browser.enter(cloud, cloud.keys.desk);
  await page.goto(`${cloud.address}/calendar/large`);
  await page.getByRole("img", { name: new RegExp(`${leases} promises`) }).waitFor({ timeout: 60_000 });
  await page.getByRole("button", { name: "10 years" }).click();
  const rates = [];
  for (const view of ["By lessee", "Lanes"]) {
    await page.getByText(view, { exact: true }).click();
    rates.push(await framesPanned(page, quick ? 500 : 4000));
  }
  const rate = Math.min(...rates);
  print("calendar_fps_10k", rate, "frames/s", `${leases} leases, the slower of stack and lanes; at least 30`, rate / 30);
  await cloud.stop();
}

const browser = await Browser.open();
scriptSize();
await firstPage(browser);
await calendar(browser);
await browser.close();
