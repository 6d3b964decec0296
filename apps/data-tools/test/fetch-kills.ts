import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { randomStream } from "@videor1/random";
import { startHubDouble } from "./hub-double.ts";
import { startVerb } from "./start-verb.ts";

/** Fetches a repository undisturbed, and by a command that is killed at random moments while the Hub cuts connections. */
export async function fetchUnderKills({ seed, kills }: { seed: number; kills: number }) {
  const folder = mkdtempSync(join(tmpdir(), "fetch-kill-"));
  const random = randomStream(seed, "fetch kills");
  const content = (bytes: number) => Buffer.from(Array.from({ length: bytes }, () => random.int(256)));
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`part ${i % 3}/${i}.zip`, content(1 + random.int(60_000))]),
  );
  const total = Object.values(files).reduce((sum, { length }) => sum + length, 0);
  let isCutting = false;
  const double = await startHubDouble({
    repo: "a/b",
    files,
    fault: ({ host, range }) =>
      isCutting && host === "store" && range === undefined ? { kind: "cut", after: 2000 } : undefined,
  });
  const env = (home: string) => ({
    HF_ENDPOINT: double.endpoint,
    HF_HOME: join(folder, home),
    HF_TOKEN: "",
    HF_HUB_OFFLINE: "",
  });
  try {
    const args = ["fetch", "a/b", "concurrency=2", "--json"];
    const [whole, killed] = [join(folder, "whole"), join(folder, "killed")];
    const first = await startVerb(args, env("whole")).ended;
    if (first.code !== 0) throw new Error(first.stderr);
    isCutting = true; // every file takes two requests, and a second between them
    let count = 0;
    for (let i = 0; i < kills; i += 1) {
      const limit = bytesOf(killed) + 1 + random.int(Math.floor(total / 8 / (kills + 1)));
      const run = startVerb(args, env("killed"));
      while (run.child.exitCode === null && bytesOf(killed) < limit) await sleep(2);
      if (run.child.kill("SIGKILL")) count += 1;
      await run.ended;
    }
    isCutting = false;
    const before = bytesOf(killed);
    const last = await startVerb(args, env("killed")).ended;
    if (last.code !== 0) throw new Error(last.stderr);
    const { received, fetched, there } = JSON.parse(last.stdout) as {
      received: number;
      fetched: number;
      there: number;
    };
    return { count, before, received, total, ended: fetched + there, tree: treeOf(killed), undisturbed: treeOf(whole) };
  } finally {
    await double.close();
    rmSync(folder, { recursive: true });
  }
}

const itemsOf = (folder: string): string[] =>
  existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]) : [];

function bytesOf(folder: string): number {
  return itemsOf(folder)
    .filter((path) => path.includes("/blobs/"))
    .reduce((sum, path) => sum + (statSync(join(folder, path), { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** Every path with the hash of its content, and links as they are. */
function treeOf(folder: string): string[] {
  return itemsOf(folder)
    .sort()
    .map((path) => {
      const full = join(folder, path);
      if (path.includes("/snapshots/") && !statSync(full).isDirectory()) return `${path} -> ${readlinkSync(full)}`;
      return statSync(full).isDirectory()
        ? `${path}/`
        : `${path} ${createHash("sha256").update(readFileSync(full)).digest("hex")}`;
    });
}
