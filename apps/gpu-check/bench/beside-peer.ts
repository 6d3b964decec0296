// bench/index.ts beside bench/peer.py, in turns, by storage type and instruction set; prints a table of CPU seconds and ratios:
//   npm run bench:peer --workspace apps/gpu-check -- --python python3 [--size small --threads 1 --turns 2 --repetitions 2]
//   [--dtypes float32,bfloat16 --sets avx2,avx512]
// --python needs torch and transformers 5. Each figure is the least of all turns and repetitions. The last line is JSON.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { renderTable } from "@videor1/cli";

const { values: flags } = parseArgs({
  options: {
    python: { type: "string", default: process.env.PYTHON ?? "python3" },
    size: { type: "string", default: "small" },
    threads: { type: "string", default: "1" },
    turns: { type: "string", default: "2" },
    repetitions: { type: "string", default: "2" },
    dtypes: { type: "string", default: "float32,bfloat16" },
    sets: { type: "string", default: "avx2,avx512" },
  },
});

/** What holds libraries and loops to AVX2: ours, ATen's, OpenBLAS', MKL's and oneDNN's. */
const environments: Record<string, NodeJS.ProcessEnv> = {
  avx512: {},
  avx2: {
    VIDEOR1_TORCH_CPU_CAPABILITY: "avx2",
    ATEN_CPU_CAPABILITY: "avx2",
    OPENBLAS_CORETYPE: "Haswell",
    MKL_ENABLE_INSTRUCTIONS: "AVX2",
    ONEDNN_MAX_CPU_ISA: "AVX2",
  },
};

type Figures = Record<string, { cpuSeconds: number }>;
/** The peer computes the prompt of every completion, alone or as one of several. */
const sameForPeer: Record<string, string> = { "the same of one prompt": "training step of", complete: "generate" };

function run(command: string, args: string[], env: NodeJS.ProcessEnv): { engine: string; figures: Figures } {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    env: { ...process.env, OMP_NUM_THREADS: flags.threads, OPENBLAS_NUM_THREADS: flags.threads, ...env },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${error ?? stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
}

const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const common = (dtype: string) => ["--dtype", dtype, "--threads", flags.threads, "--repetitions", flags.repetitions];
const node = ["--conditions=@videor1/source", "--import", "tsx", fileOf("index.ts"), "--size", flags.size];

function merge(into: Figures, { figures }: { figures: Figures }): void {
  for (const [name, { cpuSeconds }] of Object.entries(figures)) {
    into[name] = { cpuSeconds: Math.min(cpuSeconds, into[name]?.cpuSeconds ?? Number.POSITIVE_INFINITY) };
  }
}

const records = [];
for (const set of flags.sets.split(",")) {
  const env = environments[set];
  if (!env) throw new Error(`--sets ${set}: it is one of ${Object.keys(environments).join(", ")}`);
  for (const dtype of flags.dtypes.split(",")) {
    const [ours, peer]: [Figures, Figures] = [{}, {}];
    let engines: string[] = [];
    for (let turn = 0; turn < Number(flags.turns); turn++) {
      const mine = run(process.execPath, [...node, ...common(dtype)], env);
      const theirs = run(flags.python, [fileOf("peer.py"), flags.size, ...common(dtype)], env);
      merge(ours, mine);
      merge(peer, theirs);
      engines = [mine.engine, theirs.engine];
    }
    const rows = Object.entries(ours).map(([name, { cpuSeconds }]) => {
      const start = Object.keys(sameForPeer).find((prefix) => name.startsWith(prefix));
      const other = start ? Object.keys(peer).find((key) => key.startsWith(sameForPeer[start]!)) : name;
      const { cpuSeconds: theirs } = peer[other ?? name]!;
      return { name, ours: cpuSeconds, peer: theirs, ratio: cpuSeconds / theirs };
    });
    console.log(`\n${dtype}, ${set}, ${flags.threads} thread(s): ${engines.join(" beside ")}`);
    const cells = rows.map((row) => [
      row.name,
      ...[row.ours, row.peer].map((seconds) => seconds.toFixed(3)),
      row.ratio.toFixed(2),
    ]);
    console.log(renderTable(["CPU s", "ours", "peer", "ours / peer"], cells));
    records.push({ set, dtype, engines, rows });
  }
}
console.log(
  JSON.stringify({ bench: "beside transformers", size: flags.size, threads: Number(flags.threads), records }),
);
