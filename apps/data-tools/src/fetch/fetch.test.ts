import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { fetchCase, files, repo } from "../../test/fetch-case.ts";
import { sha256 } from "../../test/hub-double.ts";

const folderOf = (cache: string) => join(cache, "datasets--Video-R1--Video-R1-data");
const blob = sha256(files["NeXT-QA/videos.zip"]);

test("files are in the cache as Python's huggingface_hub lays it out, and are fetched once", async () => {
  const { double, cache, fetch } = await fetchCase();
  const result = await fetch();
  expect(result).toMatchObject({ commit: double.commit, files: 6, fetched: 6, there: 0 });
  expect(double.downloads()).toHaveLength(4); // two files have one content, and one has none
  const folder = folderOf(cache);
  expect(result.folder).toBe(join(folder, "snapshots", double.commit));
  for (const [path, content] of Object.entries(files)) {
    const file = join(result.folder, path);
    expect(readFileSync(file).equals(Buffer.from(content))).toBe(true);
    expect(readlinkSync(file)).toMatch(
      path.includes("/") ? /^(\.\.\/){3}blobs\/[0-9a-f]+$/ : /^(\.\.\/){2}blobs\/[0-9a-f]+$/,
    );
  }
  expect(readFileSync(join(folder, "refs/main"), "utf8")).toBe(double.commit);
  expect(readdirSync(join(folder, "blobs")).sort()).toContain(blob);
  expect(readdirSync(join(folder, "blobs")).filter((name) => name.includes("incomplete"))).toEqual([]);
  const again = await fetch();
  expect(again).toMatchObject({ fetched: 0, there: 6, received: 0, bytes: result.bytes });
  expect(double.downloads()).toHaveLength(4);
});

test.each([
  [["*.zip"], [], ["NeXT-QA/more é.zip", "NeXT-QA/videos.zip", "copy/same.zip"]],
  [["**/*.json"], [], ["Video-R1-260k.json"]],
  [["NeXT-QA/"], ["*é*"], ["NeXT-QA/videos.zip"]],
  [["[!N]*.zip"], [], ["copy/same.zip"]],
  [[], ["*.zip", "*.json", "none.*"], ["README.md"]],
])("include=%j exclude=%j takes %j", async (include, exclude, expected) => {
  const { fetch } = await fetchCase();
  const { folder } = await fetch({ include, exclude });
  const found = (readdirSync(folder, { recursive: true }) as string[]).filter((path) => path.includes("."));
  expect(found.sort()).toEqual(expected);
});

test("patterns that fit nothing are an error that names them", async () => {
  const { fetch, cache } = await fetchCase();
  await expect(fetch({ include: ["*.tar"] })).rejects.toThrow(`no file of ${repo} is "*.tar"`);
  expect(readdirSync(cache)).toEqual([]);
});

test("a revision may be a commit, which is its own name", async () => {
  const { double, cache, fetch } = await fetchCase();
  expect(await fetch({ revision: double.commit })).toMatchObject({ fetched: 6, commit: double.commit });
  expect(readdirSync(folderOf(cache)).sort()).toEqual(["blobs", "snapshots"]);
  await expect(fetch({ revision: "v9" })).rejects.toThrow(`${repo} has no revision v9`);
});

test("a part that is there is gone on from, if it is the beginning of the content", async () => {
  const { double, cache, fetch } = await fetchCase();
  const part = join(folderOf(cache), "blobs", `${blob}.incomplete`);
  mkdirSync(dirname(part), { recursive: true });
  writeFileSync(part, files["NeXT-QA/videos.zip"].subarray(0, 123_456));
  expect(await fetch({ include: ["*/videos.zip"] })).toMatchObject({ fetched: 1, received: 300_000 - 123_456 });
  expect(double.downloads()).toEqual([`${blob} bytes=123456-`]);

  const other = await fetchCase();
  const wrong = join(folderOf(other.cache), "blobs", `${blob}.incomplete`);
  mkdirSync(dirname(wrong), { recursive: true });
  writeFileSync(wrong, Buffer.alloc(1000));
  expect(await other.fetch({ include: ["*/videos.zip"] })).toMatchObject({ fetched: 1 });
  expect(other.double.downloads()).toEqual([`${blob} bytes=1000-`, blob]);

  const long = await fetchCase();
  mkdirSync(join(folderOf(long.cache), "blobs"), { recursive: true });
  writeFileSync(join(folderOf(long.cache), "blobs", `${blob}.incomplete`), Buffer.alloc(400_000));
  expect(await long.fetch({ include: ["*/videos.zip"] })).toMatchObject({ fetched: 1, received: 300_000 });
});

test("an abort keeps the part", async () => {
  const abort = new AbortController();
  const { double, cache, fetch } = await fetchCase({
    fault: ({ host }, nth) => (host === "store" && nth === 0 ? { kind: "stall", after: 50_000 } : undefined),
  });
  const ending = fetch({ include: ["*/videos.zip"], stallSeconds: 100 }, {}, abort.signal);
  const part = join(folderOf(cache), "blobs", `${blob}.incomplete`);
  await expect.poll(() => readFileSync(part).length).toBe(50_000);
  abort.abort(new DOMException("Stopped by the user.", "AbortError"));
  await expect(ending).rejects.toThrow("Stopped by the user.");
  expect(await fetch({ include: ["*/videos.zip"] })).toMatchObject({ fetched: 1, received: 250_000 });
  expect(double.downloads()).toEqual([blob, `${blob} bytes=50000-`]);
});

test("a blob that was cut short is fetched again", async () => {
  const { cache, fetch } = await fetchCase();
  await fetch();
  truncateSync(join(folderOf(cache), "blobs", blob), 100);
  expect(await fetch()).toMatchObject({ fetched: 1, there: 5 });
});

test("HF_HUB_OFFLINE uses what is there, and asks nobody", async () => {
  const { double, fetch } = await fetchCase();
  await expect(fetch({}, { isOffline: true })).rejects.toThrow("HF_HUB_OFFLINE is set");
  await fetch({ include: ["*.zip"] });
  const asked = double.requests.length;
  expect(await fetch({}, { isOffline: true })).toMatchObject({ files: 3, there: 3, commit: double.commit });
  expect(double.requests).toHaveLength(asked);
});

test("output is a plain folder; what is there is kept if it is the same, and refused if not", async () => {
  const { double, cache, fetch } = await fetchCase();
  const output = join(cache, "out");
  mkdirSync(join(output, "NeXT-QA"), { recursive: true });
  writeFileSync(join(output, "README.md"), files["README.md"]);
  writeFileSync(join(output, "NeXT-QA/videos.zip"), "mine");
  const first = await fetch({ output });
  expect(first).toMatchObject({ folder: output, fetched: 4, there: 1, failed: 1 });
  expect(first.failures).toMatchObject([{ path: "NeXT-QA/videos.zip", code: "FETCH_TAKEN" }]);
  expect(readFileSync(join(output, "NeXT-QA/videos.zip"), "utf8")).toBe("mine");
  expect(await fetch({ output, overwrite: true })).toMatchObject({ fetched: 1, there: 5, failed: 0 });
  for (const [path, content] of Object.entries(files))
    expect(readFileSync(join(output, path)).equals(Buffer.from(content))).toBe(true);
  const downloads = double.downloads().length;
  expect(await fetch({ output })).toMatchObject({ fetched: 0, there: 6 });
  await fetch();
  rmSync(output, { recursive: true });
  expect(await fetch({ output })).toMatchObject({ fetched: 0, there: 6 }); // copied out of the cache
  expect(double.downloads()).toHaveLength(downloads + 4);
});

test("a file of an earlier revision is replaced, unless somebody changed it", async () => {
  const output = join((await fetchCase()).cache, "out");
  const before = await fetchCase({ files: { a: "before", b: "before", c: "same" } });
  expect(await before.fetch({ output })).toMatchObject({ fetched: 3 });
  writeFileSync(join(output, "b"), "mine");
  utimesSync(join(output, "b"), new Date(), new Date(Date.now() + 60_000));
  const after = await fetchCase({ files: { a: "after", b: "after", c: "same" } });
  const result = await after.fetch({ output });
  expect(result).toMatchObject({ fetched: 1, there: 1, failed: 1, failures: [{ path: "b", code: "FETCH_TAKEN" }] });
  expect(["a", "b", "c"].map((name) => readFileSync(join(output, name), "utf8"))).toEqual(["after", "mine", "same"]);
});

test.skipIf(!existsSync("/dev/full"))("a full disk ends the run at once", async () => {
  const { cache, fetch, waits } = await fetchCase();
  mkdirSync(join(folderOf(cache), "blobs"), { recursive: true });
  symlinkSync("/dev/full", join(folderOf(cache), "blobs", `${blob}.incomplete`));
  await expect(fetch()).rejects.toMatchObject({ code: "ENOSPC" });
  expect(waits).toEqual([]);
});

test("nothing is written through links, or outside by a name", async () => {
  const bad = ["../evil", join(tmpdir(), "evil-of-videor1"), "a/../../evil", "C:/evil", "a\\..\\evil", "a//b"];
  const { cache, fetch } = await fetchCase({
    files: { good: "good", "sub/file": "x", ...Object.fromEntries(bad.map((name) => [name, "evil"])) },
  });
  const output = join(cache, "in/out");
  mkdirSync(join(cache, "elsewhere"));
  mkdirSync(output, { recursive: true });
  symlinkSync(join(cache, "elsewhere"), join(output, "sub"));
  const result = await fetch({ output });
  expect(result).toMatchObject({ fetched: 1, refused: bad.length, failed: 1 });
  expect(result.failures.map(({ code }) => code).sort()).toEqual([...bad.map(() => "PATH_UNSAFE"), "PATH_LINK"].sort());
  expect(readdirSync(join(cache, "elsewhere"))).toEqual([]);
  expect(readdirSync(join(cache, "in"))).toEqual(["out"]);
  expect(await fetch()).toMatchObject({ fetched: 2, refused: bad.length });
});

test("models are fetched alike", async () => {
  const { fetch, cache } = await fetchCase({ repoType: "model" });
  expect(await fetch({ repoType: "model", include: ["*.md"] })).toMatchObject({ fetched: 1 });
  expect(readdirSync(cache)).toEqual(["models--Video-R1--Video-R1-data"]);
});
