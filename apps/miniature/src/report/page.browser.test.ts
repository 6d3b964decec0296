import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildReport } from "./build-report.ts";
import { hostileText, scoring, writeFixtureRun } from "./test/fixture-run.ts";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const present = existsSync(executablePath);
if (!present) console.warn(`The report is not tested in a browser: no ${executablePath} (set CHROMIUM to its path).`);

const args = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

describe.skipIf(!present)("the page in Chromium", () => {
  let runDir: string;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  beforeAll(async () => {
    runDir = await mkdtemp(join(tmpdir(), "report-page-"));
    await writeFixtureRun(runDir);
    const report = await buildReport({ runDir, scoring });
    browser = await chromium.launch({ executablePath, args });
    page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) complaints.push(`requests ${request.url()}`);
    });
    await page.goto(pathToFileURL(report.page).href);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await rm(runDir, { recursive: true, force: true });
  });

  test("draws all curves and the table", async () => {
    expect(await page.locator(".plot canvas").count()).toBe(9);
    expect(await page.locator("table.tasks tbody tr").count()).toBe(8);
    const inked = await page.locator(".plot canvas").evaluateAll((canvases) =>
      canvases.map((canvas) => {
        const { width, height } = canvas as HTMLCanvasElement;
        const pixels = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height).data;
        return pixels.some((value) => value !== 0);
      }),
    );
    expect(inked).toEqual(new Array(9).fill(true));
  });

  test("arrow keys read a curve, value by value", async () => {
    const plot = page.locator('[data-curve="accuracy"]');
    const readout = page.locator('[data-curve="accuracy"] + output');
    await plot.focus();
    await plot.press("ArrowRight");
    expect(await readout.textContent()).toMatch(/^step 1 · \d\.\d\d/);
    await plot.press("ArrowRight");
    expect(await readout.textContent()).toMatch(/^step 2 · /);
  });

  test("filters narrow the groups by task, outcome and period", async () => {
    const shown = () => page.locator(".groups > li:visible").count();
    const choose = (name: string, label: string) =>
      page.getByRole("group", { name }).getByLabel(label, { exact: true }).check();
    expect(await shown()).toBe(32);
    await choose("Task", "order");
    expect(await shown()).toBe(4);
    expect(await page.locator(".count").textContent()).toBe("4 of 32 shown");
    await choose("Steps", "46–60");
    expect(await shown()).toBe(1);
    await choose("Task", "all");
    await choose("Steps", "all");
    await choose("Answers", "all wrong");
    const outcomes = await page.locator(".groups > li:visible .outcome").allTextContents();
    expect(new Set(outcomes)).toEqual(new Set(["all wrong"]));
    await choose("Answers", "all");
  });

  test("an opened group shows frames in both orders and every part of every reward", async () => {
    const group = page.locator(".groups > li").nth(1);
    await group.locator("summary").press("Enter");
    await group.locator("table.answers").first().waitFor(); // drawn after the group opens
    const rows = await group.locator(".strips .frames").count();
    const frames = await group
      .locator(".strips .frame")
      .evaluateAll((tiles) => tiles.map((tile) => (tile as HTMLElement).dataset.frame));
    expect(frames.length).toBe(rows === 2 ? 16 : 1);
    expect([...frames.slice(0, 8)].sort()).toEqual([...frames.slice(-8)].sort());
    expect(await group.locator("table.answers").first().locator("tbody tr").count()).toBe(8);
    const head = await group.locator("table.answers").first().locator("th").allTextContents();
    expect(head).toEqual(["answer", "tokens", "accuracy", "format", "temporal", "length", "reward", "advantage"]);
  });

  test("what a model wrote stays text", async () => {
    const text = page.locator(".groups > li").first().locator("td.text").first();
    expect(((await text.textContent()) ?? "").replaceAll(/\s+/g, "")).toBe(hostileText.replaceAll(/\s+/g, ""));
    expect(await page.evaluate(() => "pwned" in window)).toBe(false);
    expect(await page.locator("main img, main script").count()).toBe(0);
  });

  test("fits a narrow screen and redraws in the dark", async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await page.locator(".plot canvas").count()).toBe(9);
  });

  test("nothing complained, and nothing was asked of a network", () => {
    expect(complaints).toEqual([]);
  });
});
