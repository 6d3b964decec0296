// Process groups among ranks that PyTorch's torchrun starts, on one host and on two, and the ends that ranks can come to.
//   check-groups.ts TORCHRUN FOLDER [torchrun|ends|hosts ...]
// Two hosts are network namespaces with a cable between them, which root can make.
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { twoHosts } from "./two-hosts.ts";

const [torchrun, scratch, ...asked] = process.argv.slice(2) as [string, string, ...string[]];
const member = fileURLToPath(new URL("group-member.ts", import.meta.url));
const program = ["node", "--conditions=@videor1/source", "--import", "tsx", member];
const root = fileURLToPath(new URL("../..", import.meta.url));
let failures = 0;
let folders = 0;

type Facts = Record<string, unknown>;
interface Part {
  end?: string;
  rank?: number;
  timeoutSeconds?: number;
  timed?: number[];
}

/** Arguments of a rank's program, and the folder that its facts go to. */
function partOf({ end = "none", rank = -1, timeoutSeconds = 300, timed }: Part) {
  const folder = join(scratch, `part-${folders++}`);
  mkdirSync(folder, { recursive: true });
  return { folder, args: [...program, folder, JSON.stringify({ end, rank, timeoutSeconds, timed })] };
}

/** What the ranks have written, by "<restart>.<rank>". */
const factsOf = (folder: string): Record<string, Facts> =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [name.slice(0, -5), JSON.parse(readFileSync(join(folder, name), "utf8"))]),
  );

function check(what: string, found: unknown, expected: unknown): void {
  const [have, want] = [found, expected].map((value) => JSON.stringify(value));
  if (have !== want) failures++;
  console.log(have === want ? `ok      ${what}` : `FAILED  ${what}\n  found    ${have}\n  expected ${want}`);
}

interface Command {
  /** A network namespace. */
  host?: string;
  command: string[];
  env?: Record<string, string>;
}

/** Runs all at once; exit codes. After `wakeSeconds` a stopped process goes on. */
async function run(commands: readonly Command[], wakeSeconds?: number): Promise<(number | null)[]> {
  const ends = commands.map(({ host, command, env }) => {
    const [name, ...args] = host ? ["ip", "netns", "exec", host, ...command] : command;
    const child = spawn(name!, args, {
      cwd: root,
      env: { ...process.env, OMP_NUM_THREADS: "1", ...env },
      stdio: ["ignore", "ignore", "inherit"],
    });
    const wake = wakeSeconds && setTimeout(() => child.kill("SIGCONT"), 1000 * wakeSeconds);
    const guard = setTimeout(() => child.kill("SIGKILL"), 400_000);
    return new Promise<number | null>((resolve) =>
      child.on("exit", (code) => {
        clearTimeout(guard);
        clearTimeout(wake || undefined);
        resolve(code);
      }),
    );
  });
  return Promise.all(ends);
}

/** Ranks as a launcher without an agent starts them: rank 0 serves the store. */
async function plain(size: number, port: number, part: Part, wakeSeconds?: number) {
  const { folder, args } = partOf(part);
  const commands = Array.from({ length: size }, (_, rank) => ({
    command: args,
    env: { RANK: `${rank}`, WORLD_SIZE: `${size}`, MASTER_ADDR: "localhost", MASTER_PORT: `${port}` },
  }));
  const codes = await run(commands, wakeSeconds);
  return { codes, facts: factsOf(folder) };
}

const all = <T>(size: number, value: T): T[] => Array.from({ length: size }, () => value);
const last = (size: number) => Array.from({ length: size }, (_, rank) => `${rank}.9`).join(" ");

async function underTorchrun(): Promise<void> {
  for (const size of [2, 4]) {
    const { folder, args } = partOf({ timed: [10e6, 100e6] });
    const codes = await run([
      { command: [torchrun, "--standalone", `--nproc-per-node=${size}`, "--no-python", ...args] },
    ]);
    const ranks = Object.values(factsOf(folder));
    check(`torchrun, ${size} ranks: exit code`, codes, [0]);
    check(
      `torchrun, ${size} ranks: bytes of all in order`,
      ranks.map((rank) => rank.last),
      all(size, last(size)),
    );
    check(
      `torchrun, ${size} ranks: tensors move`,
      ranks.map((rank) => rank.moved),
      all(size, true),
    );
    console.log(`        seconds to open: ${ranks.map((rank) => (rank.openSeconds as number).toFixed(2)).join(", ")}`);
    console.log(`        seconds, rank 0: ${JSON.stringify(ranks[0]?.times)}`);
  }
  const { folder, args } = partOf({ end: "exit", rank: 1 });
  const codes = await run([
    { command: [torchrun, "--standalone", "--nproc-per-node=2", "--max-restarts=1", "--no-python", ...args] },
  ]);
  const facts = factsOf(folder);
  check("torchrun starts all again after an end: exit code", codes, [0]);
  check(
    "torchrun starts all again: the second start is whole",
    [facts["1.0"]?.last, facts["1.1"]?.last],
    all(2, last(2)),
  );
}

async function ends(): Promise<void> {
  const gone = (rank: number) => ({ code: "MEMBER_LEFT", message: `Rank ${rank} has ended`, ranks: [rank] });
  const errorOf = (facts: Facts = {}) => ({ code: facts.code, message: facts.message, ranks: facts.ranks });
  let port = 29_800;
  for (const end of ["exit", "SIGKILL", "leave"])
    for (const rank of [2, 0]) {
      const { facts } = await plain(3, port++, { end, rank });
      const expected =
        end === "leave" ? { ...gone(rank), message: `Rank ${rank} has left: the disk is full` } : gone(rank);
      const others = [0, 1, 2].filter((other) => other !== rank);
      check(
        `rank ${rank} of 3 ends by ${end}`,
        others.map((other) => errorOf(facts[`0.${other}`])),
        [expected, expected],
      );
    }
  for (const rank of [2, 0]) {
    const { facts } = await plain(3, port++, { end: "SIGSTOP", rank, timeoutSeconds: 4 }, 40);
    const others = [0, 1, 2].filter((other) => other !== rank).map((other) => errorOf(facts[`0.${other}`]));
    check(
      `rank ${rank} of 3 is stopped: codes`,
      others.map(({ code }) => code),
      all(2, "COLLECTIVE_TIMEOUT"),
    );
    check(
      `rank ${rank} of 3 is stopped: ranks`,
      others.map(({ ranks }) => ranks),
      all(2, [rank]),
    );
    console.log(`        ${others[0]!.message}`);
    check(`rank ${rank} of 3 goes on later: it ends too`, typeof facts[`0.${rank}`]?.code, "string");
  }
}

/** One rank a host; each agent in a network namespace of its own. */
async function onTwoHosts(): Promise<void> {
  const hosts = twoHosts("videor1");
  if (typeof hosts === "string") return console.log(`skipped two hosts: ${hosts}`);
  try {
    const [first] = hosts.addresses;
    const ways = {
      "c10d rendezvous": ["--rdzv-backend=c10d", `--rdzv-endpoint=${first}:29600`, "--rdzv-id=check"],
      static: [`--master-addr=${first}`, "--master-port=29650"],
    };
    for (const [way, options] of Object.entries(ways)) {
      const { folder, args } = partOf({ timed: [10e6] });
      const commands = hosts.names.map((host, node) => {
        // Both hosts have one name here, by which agents know themselves.
        const own = way === "static" ? `--node-rank=${node}` : `--rdzv-conf=is_host=${node === 0}`;
        const places = ["--nnodes=2", "--nproc-per-node=2", ...options, own, `--local-addr=${hosts.addresses[node]}`];
        return { host, command: [torchrun, ...places, "--no-python", ...args] };
      });
      const codes = await run(commands);
      const ranks = Object.values(factsOf(folder));
      check(`two hosts, ${way}: exit codes`, codes, [0, 0]);
      check(
        `two hosts, ${way}: bytes of all in order`,
        ranks.map((rank) => rank.last),
        all(4, last(4)),
      );
      check(
        `two hosts, ${way}: tensors move`,
        ranks.map((rank) => rank.moved),
        all(4, true),
      );
    }
  } finally {
    hosts.remove();
  }
}

const parts = { torchrun: underTorchrun, ends, hosts: onTwoHosts };
for (const name of asked.length > 0 ? asked : Object.keys(parts)) await parts[name as keyof typeof parts]();
process.exitCode = failures > 0 ? 1 : 0;
