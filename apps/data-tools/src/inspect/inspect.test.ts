import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeVideo } from "@videor1/data";
import { afterAll, beforeAll, expect, test } from "vitest";
import { InspectKeys } from "./inspect-keys.ts";
import { inspectText } from "./inspect-text.ts";
import { runInspect } from "./run-inspect.ts";

const folder = mkdtempSync(join(tmpdir(), "inspect-"));
const hostile = 'Which </p><script>x</script> & "one"?';
const record = (problem_id: number, changes: object = {}) => ({
  problem_id,
  problem: hostile,
  data_type: "video",
  problem_type: "multiple choice",
  options: ["A. red", "B. green"],
  solution: "<answer>A</answer>",
  path: `./${problem_id}.mp4`,
  data_source: "STAR",
  ...changes,
});
const write = (name: string, records: readonly object[]) => {
  writeFileSync(join(folder, name), JSON.stringify(records));
  return join(folder, name);
};
const run = (settings: object) =>
  runInspect(InspectKeys.parse(settings), { signal: new AbortController().signal, print: () => {} });

beforeAll(async () => {
  for (const [id, frames] of [
    [1, 8],
    [2, 24],
  ] as const) {
    const rgb = new Uint8Array(32 * 16 * 3 * frames).map((_, i) => (i * 7) % 256);
    await encodeVideo(join(folder, `${id}.mp4`), rgb, { width: 32, height: 16, fps: 8 });
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a data set is counted; what breaks the rules is counted apart", async () => {
  const file = write("a.json", [record(1), record(2, { data_source: "mine" }), record(3, { solution: "none" })]);
  const result = await run({ records: file });
  const [{ records, invalid, description }] = result.sets as [(typeof result.sets)[number]];
  expect([records, invalid, description.records]).toEqual([3, 1, 2]);
  expect(description.buckets.map(({ name, records }) => [name, records])).toEqual([
    ["General (Video)", 1],
    ["Other", 1],
  ]);
  expect(inspectText(result)).toContain("3 records, 1 of which break the record rules");
});

test("media are measured, and those that cannot be read are named", async () => {
  const file = write("b.json", [record(1), record(2), record(9), record(2, { problem: "Why?" })]);
  const { sets } = await run({ records: file, media: true, mediaRoot: folder });
  const { asked, read, failed, kinds, spreads } = sets[0]!.media!;
  expect([asked, read, failed.map(({ path }) => path), kinds]).toEqual([
    3,
    2,
    ["./9.mp4"],
    [{ name: "mp4, H.264", records: 2 }],
  ]);
  expect(spreads.seconds).toMatchObject({ min: 1, max: 3 });
  expect(spreads["frames a second"]).toMatchObject({ min: 8, max: 8 });
  expect(spreads.width).toMatchObject({ min: 32, max: 32 });
});

test("the media that are chosen are the same in whatever order the records are", async () => {
  const many = Array.from({ length: 30 }, (_, i) => record(100 + i));
  const failed = async (name: string, records: object[]) => {
    const { sets } = await run({ records: write(name, records), media: true, mediaRoot: folder, mediaFiles: 5 });
    return sets[0]!.media!.failed.map(({ path }) => path);
  };
  const chosen = await failed("c.json", many);
  expect(chosen).toHaveLength(5);
  expect(await failed("d.json", [...many].reverse())).toEqual(chosen);
});

test("a page is written whole, escapes what data says, and is not written over", async () => {
  const page = join(folder, "page.html");
  const file = write("e.json", [record(1), record(2)]);
  await run({ records: file, page, mediaRoot: folder, media: true });
  const text = readFileSync(page, "utf8");
  expect(text).toContain("Which &lt;/p&gt;&lt;script&gt;x&lt;/script&gt; &amp; &quot;one&quot;?");
  expect(text).not.toContain("<script");
  expect(text.match(/src="data:image\/jpeg;base64,/g)).toHaveLength(2);
  expect(existsSync(`${page}.partial`)).toBe(false);
  await run({ records: file, page, media: true, mediaRoot: folder });
  expect(readFileSync(page, "utf8")).toBe(text);
  await expect(run({ records: file, page })).rejects.toThrow(`${page}: is there`);
});

test("two data sets have their differences", async () => {
  const [first, second] = [write("f.json", [record(1), record(2)]), write("g.json", [record(1)])];
  const { differences } = await run({ records: first, against: second });
  expect(differences!.find(({ part, name }) => part === "source" && name === "STAR")).toMatchObject({
    first: 2,
    second: 1,
  });
});

test("media without a folder are refused before anything is read", () => {
  expect(() => InspectKeys.parse({ records: "none.json", media: true })).toThrow("name the folder");
});
