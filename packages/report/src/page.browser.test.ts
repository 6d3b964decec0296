import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixtureNotes } from "../test/fixture-notes.ts";
import { hostileText, writeFixtureRun } from "../test/fixture-run.ts";
import { armNames, settings } from "../test/fixture-settings.ts";
import { buildReport } from "./build-report.ts";
import { readMainJob } from "./read/study.ts";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const present = existsSync(executablePath);
if (!present) console.warn(`The report is not tested in a browser: no ${executablePath} (set CHROMIUM to its path).`);

const args = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** Milliseconds after which the browser counts as hanging. */
const guard = 120_000;

describe.skipIf(!present)("the page in Chromium", () => {
  let runDir: string;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  beforeAll(async () => {
    runDir = await mkdtemp(join(tmpdir(), "report-page-"));
    await writeFixtureRun(runDir);
    const file = join(runDir, "report.html");
    await buildReport(await readMainJob(runDir, armNames, settings), {
      title: "A run",
      page: file,
      notes: fixtureNotes,
    });
    browser = await chromium.launch({ executablePath, args, timeout: guard });
    page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    page.setDefaultTimeout(guard);
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) complaints.push(`requests ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href);
  });
  afterAll(async () => {
    await browser?.close();
    await rm(runDir, { recursive: true, force: true });
  });

  /** Number of inked pixels of a curve. */
  const ink = (element: HTMLElement | SVGElement) => {
    const canvas = element as HTMLCanvasElement;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true })!;
    copy.drawImage(canvas, 0, 0);
    return copy.getImageData(0, 0, canvas.width, canvas.height).data.filter((value, i) => i % 4 === 3 && value > 0)
      .length;
  };

  test("draws all curves and the tables", async () => {
    const canvases = await page.locator(".plot canvas").all();
    expect(canvases).toHaveLength(14);
    for (const canvas of canvases) expect(await canvas.evaluate(ink)).toBeGreaterThan(0);
    expect(await page.locator("table.tasks tbody tr").count()).toBe(3 * 8 + 4);
  });

  test("the comparison has every model, and the arms against the first", async () => {
    const heads = (table: number) => page.locator("table.tasks").nth(table).locator("thead th").allTextContents();
    expect(await heads(0)).toEqual(["Task", "n", "SFT", ...armNames]);
    expect(await heads(1)).toEqual([
      ...["Task", "n", "grpo − SFT", "tgrpo − SFT", "contrast − SFT"],
      ...["tgrpo − grpo", "contrast − grpo"],
    ]);
  });

  test("the legend hides an arm's line", async () => {
    const canvas = page.locator('[data-curve="gap"] canvas');
    const shown = await canvas.evaluate(ink);
    const box = page.getByRole("group", { name: "Arms shown in the curves" }).getByLabel("tgrpo", { exact: true });
    await box.uncheck();
    await expect.poll(() => canvas.evaluate(ink)).toBeLessThan(shown);
    await box.check();
    await expect.poll(() => canvas.evaluate(ink)).toBe(shown);
  });

  test("arrow keys read a curve, value by value", async () => {
    const plot = page.locator('[data-curve="accuracy"]');
    const readout = page.locator('[data-curve="accuracy"] + output');
    await plot.focus();
    await plot.press("ArrowRight");
    expect(await readout.textContent()).toMatch(/^step 1 · grpo \d\.\d\d .* · tgrpo \d\.\d\d /);
    await plot.press("ArrowRight");
    expect(await readout.textContent()).toMatch(/^step 2 · /);
  });

  const found = async () => Number((await page.locator(".count").textContent())!.match(/^\d+/)![0]);
  const shown = () => page.locator(".groups > li:visible").count();
  const choose = (name: string, label: string) =>
    page.getByRole("group", { name, exact: true }).getByLabel(label, { exact: true }).check();
  const showAll = () => page.getByRole("button", { name: "Show all" }).click();

  test("filters narrow the groups by arm, task, outcome, trait and period", async () => {
    expect([await found(), await shown()]).toEqual([192, 36]);
    await choose("Arm", "tgrpo");
    expect(await found()).toBe(64);
    await choose("Task", "order");
    expect(await shown()).toBe(8);
    expect(await page.locator(".count").textContent()).toBe("8 of 192 groups");
    await choose("Steps", "46–60");
    expect(await shown()).toBe(2);
    await showAll();
    await expect.poll(found).toBe(192);
    await choose("Answers", "all wrong");
    const outcomes = await page.locator(".groups > li:visible .outcome").allTextContents();
    expect(new Set(outcomes)).toEqual(new Set(["all wrong"]));
    await choose("With", "bonus paid");
    expect(await shown()).toBe(0);
    await showAll();
    await choose("With", "bad form");
    await expect.poll(found).toBeLessThan(100);
    await showAll();
  });

  test("more groups are shown on demand, all of them in the end", async () => {
    const more = page.getByRole("button", { name: "Show more" });
    await more.press("Enter");
    expect(await shown()).toBe(72);
    while (await more.isVisible()) await more.click();
    expect(await shown()).toBe(192);
    await showAll();
    await expect.poll(shown).toBe(36);
  });

  test("the ledger names what was not trained, as text", async () => {
    const row = page.getByRole("region", { name: "Ledger" }).locator("tbody tr", { hasText: "tgrpo" });
    expect((await row.first().locator("td").allTextContents()).join(" ")).toBe("241 240 0 1");
    await page.getByText("tgrpo: 1 failed, no such media file (MEDIA_MISSING)").press("Enter");
    expect(await page.locator("#ledger [open] li").textContent()).toBe("step 7, record 9: no media/<i>tgrpo</i>.mp4");
  });

  test("filters work by keyboard alone, and by text", async () => {
    await page.getByRole("group", { name: "Arm", exact: true }).getByLabel("all").focus();
    await page.keyboard.press("ArrowRight");
    expect(await found()).toBe(64);
    await page.keyboard.press("ArrowLeft");
    await page.getByLabel("Text").fill("Which COLOR comes first");
    const tasks = await page.locator(".groups > li:visible .task").allTextContents();
    expect(new Set(tasks)).toEqual(new Set(["order"]));
    await page.getByLabel("Text").fill("nobody ever wrote this");
    expect(await shown()).toBe(0);
    await showAll();
    await expect.poll(found).toBe(192);
  });

  test("an opened group shows frames in both orders and every part of every reward", async () => {
    const group = page.locator(".groups > li", { hasText: "tgrpo" }).nth(1);
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

  test("an arm that measured order contrast shows it, answer by answer", async () => {
    const contrast = page.locator(".groups > li", { hasText: "contrast" });
    const group = contrast.filter({ hasText: "order" }).first();
    await group.locator("summary").press("Enter");
    await group.locator("table.answers").waitFor();
    expect(await group.locator("table.answers th").allTextContents()).toContain("contrast");
    expect(await group.locator('td[data-label="contrast"]').allTextContents()).toContainEqual(
      expect.stringMatching(/^\+\d\.\d\d$/),
    );
    expect(await group.locator(".strips figcaption").allTextContents()).toEqual(["In order", "In another order"]);
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
    expect(await page.locator(".plot canvas").count()).toBe(14);
  });

  test("nothing complained, and nothing was asked of a network", () => {
    expect(complaints).toEqual([]);
  });
});
