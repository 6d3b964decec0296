import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixtureItem, fixtureSummary, hostileRun } from "../../test/fixture-benchmark.ts";
import { benchmarkPage } from "./benchmark-page.ts";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const present = existsSync(executablePath);
if (!present) console.warn(`The page is not tested in a browser: no ${executablePath} (set CHROMIUM to its path).`);

const args = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** Milliseconds after which the browser counts as hanging. */
const guard = 120_000;

const seen = { clips: [{ indices: [8, 0], timestamps: [0.5, 0] }] };
const items = Array.from({ length: 60 }, (_, i) =>
  fixtureItem(`question-${i}`, i % 2, { ...seen, task: i < 10 ? "object_counting" : "route_planning" }),
);

describe.skipIf(!present)("the page of a benchmark in Chromium", () => {
  let folder: string;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "benchmark-browser-"));
    const file = join(folder, "page.html");
    await benchmarkPage([{ summary: fixtureSummary(), items }, hostileRun()], {
      title: "Ours",
      page: file,
      frames: async () => [{ rgb: new Uint8Array(48).fill(200, 24), frames: 2, width: 4, height: 2, indices: [8, 0] }],
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
    await rm(folder, { recursive: true, force: true });
  });

  const count = () => page.locator(".count").textContent();
  const lines = () => page.locator(".items > li");

  test("pages and filters find every item, by keyboard too", async () => {
    expect([await count(), await lines().count()]).toEqual(["61 of 61 items", 25]);
    await page.getByRole("button", { name: "Next", exact: true }).press("Enter");
    expect(await page.locator(".page").textContent()).toBe("page 2 of 3");
    await page.getByRole("group", { name: "Score", exact: true }).getByLabel("all", { exact: true }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await count()).toBe("30 of 61 items");
    await page.getByLabel("Task", { exact: true }).selectOption("object_counting");
    expect(await count()).toBe("5 of 61 items");
    await page.getByLabel("Text", { exact: true }).fill("QUESTION-3");
    expect(await lines().locator(".id").allTextContents()).toEqual(["question-3"]);
    await page.getByRole("button", { name: "Show all" }).click();
    await expect.poll(count).toBe("61 of 61 items");
  });

  test("an opened item shows frames in the order seen, the output with folded thinking, and every scorer's reading", async () => {
    const item = lines().nth(1);
    await item.locator("summary").first().press("Enter");
    await item.locator(".readings").waitFor(); // drawn after the item opens
    expect(await item.getByText("Seen: frames 8, 0 at 0.50, 0.00 s").count()).toBe(1);
    expect(await item.locator(".seen .frame").count()).toBe(2);
    expect(await item.locator(".think").isVisible()).toBe(false);
    await item.getByText("<think> 12 characters").press("Enter");
    expect(await item.locator(".think").isVisible()).toBe(true);
    const rows = await item.locator(".readings tbody tr").allTextContents();
    expect(rows).toEqual(["safe (main)B1.00tags", "video-r1B1.00"]);
  });

  test("what a model wrote stays text", async () => {
    await page.getByRole("group", { name: "Evaluation" }).getByLabel("hostile", { exact: true }).check();
    expect(await count()).toBe("1 of 61 items");
    const item = lines().first();
    await item.locator("summary").first().press("Enter");
    await item.locator(".readings").waitFor();
    expect(await item.locator(".readings code").textContent()).toBe("<script>pwned = 1</script>");
    expect(await page.evaluate(() => "pwned" in window)).toBe(false);
    expect(await page.locator("main img, main script").count()).toBe(0);
  });

  test("fits a narrow screen", async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  test("nothing complained, and nothing was asked of a network", () => {
    expect(complaints).toEqual([]);
  });
});
