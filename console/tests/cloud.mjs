// Clouds that a real server serves, with a way in for each role, and a browser that looks at them.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
/** Where screenshots go. */
export const pictures = join(root, "build/console-pictures");
const binary = process.env.LEASEHOLD ?? join(root, "build/release/leasehold");

export class Cloud {
  /** Of a file of declarations. */
  constructor(file, now) {
    this.now = now;
    this.folder = mkdtempSync(join(tmpdir(), "leasehold-console-"));
    this.store = join(this.folder, "store.db");
    this.run("apply", "-f", file);
    this.keys = {};
  }

  /** The Comet story, with a key for each who has to do with it. */
  static comet() {
    const cloud = new Cloud(join(root, "scenarios/comet.yaml"), "2026-06-15");
    cloud.makeKeys();
    return cloud;
  }

  /** The same as quickstart serves it: with a hall at Plano, invoices and what befell servers. */
  static tour() {
    const cloud = new Cloud(join(root, "scenarios/comet.yaml"), "2026-06-15");
    execFileSync(join(root, "tools/tour.sh"), { env: { PATH: `${dirname(binary)}:${process.env.PATH}`, HOME: cloud.folder, LEASEHOLD_STORE: cloud.store, LEASEHOLD_NOW: cloud.now } });
    cloud.makeKeys();
    return cloud;
  }

  makeKeys() {
    for (const role of ["owner", "capacity", "finance", "auditor"]) this.key(role, "--role", role);
    this.key("reseller", "--role", "owner", "--party", "nvidia");
    this.key("tenant", "--role", "tenant_admin", "--party", "ai-lab");
  }

  run(...words) {
    const environment = { PATH: process.env.PATH, HOME: this.folder };
    return execFileSync(binary, ["--store", this.store, "--now", this.now, ...words], { encoding: "utf8", env: environment, maxBuffer: 1 << 26 });
  }

  key(name, ...words) {
    this.keys[name] = /said only now: (\S+)/.exec(this.run("key", "add", name, ...words))[1];
  }

  async serve() {
    this.server = spawn(
      binary,
      ["--store", this.store, "--now", this.now, "serve", "--listen", "127.0.0.1:0", "--console", join(root, "build/console"), "--per-minute", "1000000"],
      { stdio: ["ignore", "pipe", "inherit"], env: { PATH: process.env.PATH, HOME: this.folder } },
    );
    const line = await new Promise((heard) => this.server.stdout.once("data", (bytes) => heard(String(bytes))));
    this.address = /http:\/\/\S+/.exec(line)[0];
  }

  /** As a program would ask it, beside the browser. */
  async post(path, body, key = this.keys.owner) {
    const response = await fetch(this.address + path, {
      method: "POST",
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  }

  async stop() {
    const ended = new Promise((over) => this.server.once("exit", over));
    this.server.kill("SIGTERM");
    await ended;
    rmSync(this.folder, { recursive: true });
  }
}

export class Browser {
  static async open() {
    const browser = new Browser();
    browser.chromium = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
    return browser;
  }

  /** A page of a fresh tab, signed in; what its console complains of is kept in `page.complaints`. */
  async enter(cloud, key, options = {}) {
    const context = await this.chromium.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.complaints = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) page.complaints.push(message.text());
    });
    page.on("pageerror", (error) => page.complaints.push(String(error)));
    await page.goto(key ? `${cloud.address}/#key=${key}` : cloud.address);
    await page.getByRole("heading", { level: 1 }).waitFor();
    return page;
  }

  close() {
    return this.chromium.close();
  }
}

/** Waits until everything that was asked for is there. */
export const settled = (page) => page.waitForFunction(() => !document.querySelector('[aria-label="Loading"]'));

/** Goes to a page by its name in the navigation, as a person does. */
export async function goTo(page, name) {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
}
