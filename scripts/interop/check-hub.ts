// run scripts/interop/check-hub.ts PYTHON FOLDER: `videor1-data fetch` and `unpack` beside the real huggingface_hub, zipfile and tarfile.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type HubSettings, hubSettings } from "../../apps/data-tools/src/fetch/hub-settings.ts";
import { globFilter } from "../../apps/data-tools/src/files/glob.ts";
import { startHubDouble } from "../../apps/data-tools/test/hub-double.ts";
import { startVerb } from "../../apps/data-tools/test/start-verb.ts";
import { randomStream } from "../../packages/random/src/index.ts";

const [python, folder] = process.argv.slice(2);
if (python === undefined || folder === undefined) throw new Error("usage: check-hub.ts PYTHON FOLDER");
const run = promisify(execFile);
const random = randomStream(15, "hub");
type Environment = Readonly<Record<string, string>>;

/** What hub.py answers. */
async function ask<Answer>(command: string, options: object, env: Environment = {}): Promise<Answer> {
  const bare = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(HF_|HUGGING|XDG_|TRANSFORMERS_)/.test(name)),
  );
  const question = join(folder!, "question.json");
  writeFileSync(question, JSON.stringify(options));
  const args = [join(import.meta.dirname, "hub.py"), command, question];
  const { stdout } = await run(python!, args, { env: { ...bare, ...env }, maxBuffer: 1 << 28 });
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as Answer;
}

/** The result of a verb, as `--json` prints it. */
async function ours(args: readonly string[], env: Environment = {}): Promise<Record<string, number>> {
  const { code, stdout, stderr } = await startVerb([...args, "--json"], { HF_TOKEN: "", HF_HUB_OFFLINE: "", ...env })
    .ended;
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Record<string, number>;
}

async function checkCaches(repoType: "dataset" | "model"): Promise<void> {
  const content = (bytes: number) => Buffer.from(Array.from({ length: bytes }, () => random.int(256)));
  const files: Record<string, Buffer> = {
    "README.md": content(100),
    "empty.txt": Buffer.alloc(0),
    "NeXT-QA/a b é.zip": content(200_000),
    "NeXT-QA/deep/er/c#%?.zip": content(50_000),
  };
  files["copy.zip"] = files["NeXT-QA/deep/er/c#%?.zip"]!;
  for (let i = 0; i < 20; i += 1) files[`many/${i}.jsonl`] = content(random.int(3000));
  const repo = "Video-R1/Video-R1-data";
  const hub = await startHubDouble({ repo, repoType, files, pageEntries: 7 });
  const expected = Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, createHash("sha256").update(bytes).digest("hex")]),
  );
  const env = (name: string, more: Environment = {}) => ({
    HF_ENDPOINT: hub.endpoint,
    HF_HOME: join(folder!, repoType, name),
    ...more,
  });
  const theirs = { repo_id: repo, repo_type: repoType };
  const fetch = ["fetch", repo, `repoType=${repoType}`];
  const count = Object.keys(files).length;
  const downloads = () => hub.downloads().length;
  try {
    const first = await ours(fetch, env("ours"));
    assert.equal(first.fetched, count);
    const before = downloads();
    assert.deepEqual(await ask("snapshot", { ...theirs, local_files_only: true }, env("ours")), expected);
    assert.deepEqual(await ask("snapshot", theirs, env("ours", { HF_HUB_OFFLINE: "1" })), expected);
    assert.deepEqual(await ask("snapshot", theirs, env("ours")), expected);
    const blobs = new Set(Object.values(expected)).size;
    assert.deepEqual(await ask("scan", {}, env("ours")), { warnings: [], repos: [[repoType, repo, blobs, ["main"]]] });
    assert.equal(downloads(), before, "Python fetches nothing of what ours has");

    assert.deepEqual(await ask("snapshot", theirs, env("theirs")), expected);
    const between = downloads();
    const again = await ours(fetch, env("theirs"));
    assert.deepEqual([again.there, again.fetched, again.received], [count, 0, 0]);
    const offline = await ours(fetch, env("theirs", { HF_HUB_OFFLINE: "1" }));
    assert.equal(offline.there, count);
    assert.equal(downloads(), between, "ours fetches nothing of what Python has");

    const [made, given] = ["made", "given"].map((name) => join(folder!, repoType, name));
    assert.equal((await ours([...fetch, `output=${made}`], env("none"))).fetched, count);
    assert.deepEqual(await ask("snapshot", { ...theirs, local_dir: given }, env("none too")), expected);
    const last = downloads();
    assert.deepEqual(await ask("snapshot", { ...theirs, local_dir: made }, env("none")), expected);
    assert.equal((await ours([...fetch, `output=${given}`], env("none"))).there, count);
    assert.deepEqual(await ask("contents", { folder: given }), expected);
    assert.equal(downloads(), last, "nothing in a folder is fetched twice");
  } finally {
    await hub.close();
  }
  console.log(`${repoType}: ${count} files, each way, in the cache and in a folder`);
}

async function checkPatterns(): Promise<void> {
  const letters = ["a", "b", "B", "c1", "é", ".x", "-", "!", "]", "^", "json", "."];
  const name = () => Array.from({ length: 1 + random.int(4) }, () => random.choice(letters)).join("");
  const path = () => Array.from({ length: 1 + random.int(3) }, name).join("/");
  const piece = () => random.choice(["*", "?", "[ab]", "[!a]", "[a-c]", "[]a]", "[^a]", "/", ...letters]);
  const pattern = () => `${Array.from({ length: 1 + random.int(5) }, piece).join("")}${random.choice(["", "", "/"])}`;
  const paths = Array.from({ length: 400 }, path);
  const patterns = Array.from({ length: 3000 }, () =>
    [random.int(3), random.int(2)].map((count) => Array.from({ length: count }, pattern)),
  ) as [string[], string[]][];
  // "**/" is ours alone
  const common = patterns.filter((both) => !both.flat().some((text) => text.includes("**")));
  const theirs = await ask<string[][]>("choose", { paths, patterns: common });
  common.forEach(([include, exclude], i) => {
    const chosen = paths.filter(globFilter(include, exclude, { crossing: true }));
    assert.deepEqual(chosen, theirs[i], JSON.stringify([include, exclude]));
  });
  console.log(`${common.length} lists of patterns choose the same of ${paths.length} paths`);
}

async function checkSettings(): Promise<void> {
  const home = join(folder!, "home");
  mkdirSync(join(home, ".cache/huggingface"), { recursive: true });
  writeFileSync(join(home, ".cache/huggingface/token"), "hf_login\n");
  const environments: Environment[] = [
    {},
    { HF_HOME: "~/elsewhere", HF_TOKEN: " hf_a " },
    { XDG_CACHE_HOME: join(home, "xdg"), HF_ENDPOINT: "http://localhost:9/" },
    { HF_HUB_CACHE: "$HOME/cache", HF_HOME: "/nowhere", HF_HUB_OFFLINE: "TRUE" },
    { HUGGINGFACE_HUB_CACHE: `$${"{HOME}"}/old`, TRANSFORMERS_OFFLINE: "on" },
    { HF_HUB_OFFLINE: "0", TRANSFORMERS_OFFLINE: "1" },
    { HF_HUB_OFFLINE: "2", HUGGING_FACE_HUB_TOKEN: "hf_b" },
    { HF_HUB_DISABLE_IMPLICIT_TOKEN: "1" },
    { HF_HUB_DISABLE_IMPLICIT_TOKEN: "1", HF_TOKEN: "hf_c" },
    { HF_TOKEN_PATH: "~/.cache/huggingface/token", HF_HOME: "/nowhere" },
  ];
  for (const environment of environments) {
    const env = { HOME: home, ...environment };
    const theirs = await ask<HubSettings>("settings", {}, env);
    const { token, ...rest } = hubSettings(env);
    assert.deepEqual({ ...rest, token: token ?? null }, theirs, JSON.stringify(environment));
  }
  console.log(`${environments.length} environments are read alike`);
}

async function checkArchives(): Promise<void> {
  const own = join(folder!, "archives");
  mkdirSync(own, { recursive: true });
  const files: Record<string, string> = { "empty.txt": "", [`${"long/".repeat(40)}é.mp4`]: "00ff" };
  for (let i = 0; i < 50; i += 1) {
    const bytes = Array.from({ length: random.int(9000) }, () => random.int(i % 2 === 0 ? 256 : 3));
    files[`f${i % 4}/名 ${i}.mp4`] = Buffer.from(bytes).toString("hex");
  }
  const trees = await ask<Record<string, object>>("archives", { folder: own, files });
  for (const [name, tree] of Object.entries(trees)) {
    const to = join(own, "ours", name);
    const { failed } = await ours(["unpack", join(own, name), `output=${to}`]);
    assert.equal(failed, 0);
    assert.deepEqual(await ask("contents", { folder: to }), tree, name);
  }
  console.log(`${Object.keys(trees).length} archives that Python wrote give the files that Python gives`);
}

mkdirSync(folder, { recursive: true });
await checkSettings();
await checkPatterns();
await checkArchives();
for (const repoType of ["dataset", "model"] as const) await checkCaches(repoType);
