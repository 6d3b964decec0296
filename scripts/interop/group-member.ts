// A rank in the checks of check-groups.ts: joins a group, runs operations until its part says otherwise, and writes what it saw.
//   group-member.ts FOLDER PART      its place is in the environment, as a launcher gives it
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { dispose, fill, ones, tidy, variable, zeros } from "@tensorflow/tfjs-core";
import { initEngine, openProcessGroup, type ProcessGroup } from "@videor1/engine";
import { readRanks } from "@videor1/launch";

/** What a rank does in place of its operation 5, in the first start of all. */
type End = "none" | "exit" | "leave" | "SIGKILL" | "SIGSTOP";

interface Part {
  end: End;
  /** The rank that ends so. */
  rank: number;
  timeoutSeconds: number;
  /** Sizes in bytes of exchanges to time. */
  timed?: number[];
}

const [folder, json] = process.argv.slice(2);
const part = JSON.parse(json!) as Part;
const ranks = readRanks(process.env)!;
const { rank, size, restart } = ranks;
// A run has a store of its own beside the launcher's; this check takes the launcher's where it serves one.
const { MASTER_ADDR, MASTER_PORT, TORCHELASTIC_USE_AGENT_STORE } = process.env;
const master = { host: MASTER_ADDR!, port: Number(MASTER_PORT) };
const isServer = rank === 0 && TORCHELASTIC_USE_AGENT_STORE !== "True";
const isEnding = rank === part.rank && restart === 0;
const facts: Record<string, unknown> = { rank, restart };
const note = () => writeFileSync(join(folder!, `${restart}.${rank}.json`), JSON.stringify(facts));

async function main(): Promise<void> {
  await initEngine({ backend: "torch", device: "cpu", threads: 1 });
  const begin = performance.now();
  const group = await openProcessGroup({
    store: { kind: "tcp", ...master, isServer },
    prefix: `check/${restart}/worker`,
    rank,
    size,
    timeoutSeconds: part.timeoutSeconds,
  });
  facts.openSeconds = (performance.now() - begin) / 1000;
  const gathered: string[] = [];
  for (let operation = 0; operation < 10; operation++) {
    if (operation === 5 && isEnding) await end(group);
    const all = await group.gather(Buffer.from(`${rank}.${operation}`));
    gathered.push(all.map((bytes) => Buffer.from(bytes).toString()).join(" "));
    facts.gathered = gathered.length;
  }
  facts.last = gathered.at(-1);
  facts.moved = await moved(group);
  if (part.timed) facts.times = await times(group, part.timed);
  group.leave("it is done");
}

async function end(group: ProcessGroup): Promise<void> {
  note();
  if (part.end === "exit") process.exit(7);
  if (part.end === "leave") group.leave("the disk is full");
  if (part.end.startsWith("SIG")) process.kill(process.pid, part.end);
  await sleep(50); // a signal takes effect within
}

/** Whether row r of an allToAll comes from rank r, and of an allGather too. */
async function moved(group: ProcessGroup): Promise<boolean> {
  const mine = fill([size, 3], rank);
  const own = fill([3], rank);
  const [each, all] = [0, 1].map(() => tidy(() => variable(zeros([size, 3]), false)));
  await group.allToAll(each!, mine);
  await group.allGather(all!, own);
  const expected = Array.from({ length: 3 * size }, (_, i) => Math.floor(i / 3));
  return [each!, all!].every((x) => String([...x.dataSync()]) === String(expected));
}

/** Seconds of an exchange of each size and of a gather of few bytes: the median of 7, each behind a barrier. */
async function times(group: ProcessGroup, sizes: readonly number[]) {
  const found: Record<string, number> = {};
  const median = async (run: () => Promise<unknown>) => {
    const seconds: number[] = [];
    for (let i = 0; i < 7; i++) {
      await group.gather(new Uint8Array());
      const begin = performance.now();
      await run();
      seconds.push((performance.now() - begin) / 1000);
    }
    return seconds.sort((a, b) => a - b)[3]!;
  };
  found["gather 8"] = await median(() => group.gather(new Uint8Array(8)));
  for (const bytes of sizes) {
    const columns = bytes / 4 / size;
    const [input, slice] = [ones([size, columns]), ones([columns])];
    const output = tidy(() => variable(zeros([size, columns]), false));
    found[`allToAll ${bytes}`] = await median(() => group.allToAll(output, input));
    found[`allGather ${bytes}`] = await median(() => group.allGather(output, slice));
    found[`gather ${bytes}`] = await median(() => group.gather(new Uint8Array(rank === 0 ? bytes : 0)));
    dispose([input, slice, output]);
  }
  return found;
}

try {
  await main();
} catch (error) {
  const { code, message, ranks } = error as Error & { code?: string; ranks?: number[] };
  Object.assign(facts, { code, message, ranks });
  process.exitCode = 1;
}
note();
