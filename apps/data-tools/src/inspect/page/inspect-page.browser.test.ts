import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { encodeVideo } from "@videor1/data";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InspectKeys } from "../inspect-keys.ts";
import { runInspect } from "../run-inspect.ts";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const present = existsSync(executablePath);
if (!present) console.warn(`The page is not tested in a browser: no ${executablePath} (set CHROMIUM to its path).`);

const args = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** Milliseconds after which the browser counts as hanging. */
const guard = 120_000;

describe.skipIf(!present)("the page in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "inspect-page-"));
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const hostile = "<img src=x onerror=alert(1)>\"'";
  const sources = ["STAR", "CLEVRER", "AI2D", "OpenSpaces", hostile];
  const records = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      problem_id: i,
      problem: `Which is it? ${hostile}`,
      data_type: "video",
      problem_type: i % 2 === 0 ? "multiple choice" : "numerical",
      options: i % 2 === 0 ? ["A. red", `B. ${hostile}`] : [],
      solution: `<answer>${i % 2 === 0 ? "A" : i}</answer>`,
      path: "./clip.mp4",
      data_source: sources[i % sources.length],
    }));

  beforeAll(async () => {
    const rgb = new Uint8Array(32 * 16 * 3 * 8).map((_, i) => (i * 7) % 256);
    await encodeVideo(join(folder, "clip.mp4"), rgb, { width: 32, height: 16, fps: 4 });
    writeFileSync(join(folder, "a.json"), JSON.stringify(records(40)));
    writeFileSync(join(folder, "b.json"), JSON.stringify(records(7)));
    const file = join(folder, "page.html");
    await runInspect(
      InspectKeys.parse({
        records: join(folder, "a.json"),
        against: join(folder, "b.json"),
        title: hostile,
        page: file,
        media: true,
        mediaRoot: folder,
      }),
      { signal: new AbortController().signal, print: () => {} },
    );
    browser = await chromium.launch({ executablePath, args, timeout: guard });
    page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    page.setDefaultTimeout(guard);
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => void dialog.dismiss().then(() => complaints.push("a dialog opened")));
    page.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) complaints.push(`requests ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href);
  }, guard);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("both data sets have their rings, tables, plots, frames and differences", async () => {
    expect(await page.locator("h1").textContent()).toBe(hostile);
    const first = page.locator("section.set").first();
    expect(await page.locator("section.set").count()).toBe(2);
    expect(await first.locator(".sunburst title").allTextContents()).toEqual([
      "General (Video): 16 (40%)",
      "General (Video), CLEVRER: 8",
      "General (Video), STAR: 8",
      "Knowledge: 8 (20%)",
      "Knowledge, AI2D: 8",
      "Spatial: 8 (20%)",
      "Spatial, OpenSpaces: 8",
      "Other: 8 (20%)",
      `Other, ${hostile}: 8`,
    ]);
    expect(await first.locator("table.bars").count()).toBe(5);
    for (const bar of await first.locator(".histogram rect").all())
      expect((await bar.boundingBox())!.width).toBeGreaterThan(0);
    expect(await page.locator(".differences tbody tr").count()).toBeGreaterThan(10);
    expect(await page.evaluate("document.querySelector('article img').naturalWidth")).toBeGreaterThan(0);
    expect(await first.locator("article").first().textContent()).toContain(`Which is it? ${hostile}`);
  });

  test("no label leaves the drawing; the page fits narrow screens, light and dark", async () => {
    const drawing = (await page.locator(".sunburst").first().boundingBox())!;
    for (const label of await page.locator(".sunburst").first().locator("text").all()) {
      const box = (await label.boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(drawing.x);
      expect(box.x + box.width).toBeLessThanOrEqual(drawing.x + drawing.width);
      expect(box.y + box.height).toBeLessThanOrEqual(drawing.y + drawing.height);
    }
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await ground();
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await ground()).not.toBe(light);
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
  });

  test("nothing complained, and nothing was asked of a network", () => {
    expect(complaints).toEqual([]);
  });
});
