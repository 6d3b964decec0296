import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Machine, recordsOf } from "./records.ts";
import { runStage, type Stage, type StageResult } from "./run-stage.ts";
import { sizes } from "./sizes.ts";
import { kernelCases } from "./stages/kernels.ts";
import { failures, table } from "./table.ts";

export interface CheckOptions {
  size: string;
  /** Default: the first GPU that torch sees, else cpu. */
  device?: string | undefined;
  /** Limit of all stages together; the rest is stopped or not begun. Stage limits are for 8 minutes and scale with it. */
  minutes: number;
  /** "1": is it right, and does it train. "2": how fast, beside transformers. Default: both. */
  part?: string | undefined;
  /** Folder that keeps the weights, for the other part; what it holds of this size is used. Default: a folder that is removed. */
  weights?: string | undefined;
  /** Folder of gpu-check.json and of a log for every stage. */
  out: string;
}

const here = import.meta.dirname; // the packed folder: this module is part of check.mjs
const backend = join(here, "node_modules/@videor1/tfjs-backend-torch");

/**
 * Runs the stages one after the other, except that the weights are drawn while the addon is compiled. The result file is
 * rewritten after every stage. Without an addon nothing else is run.
 *
 * @returns Whether every stage ended well and no test failed.
 */
export async function runCheck({ size, device: asked, minutes, part, weights: kept, out }: CheckOptions) {
  if (!sizes[size]) throw new Error(`--size ${size}: one of ${Object.keys(sizes).join(", ")}`);
  if (part !== undefined && part !== "1" && part !== "2") throw new Error(`--part ${part}: 1, 2, or both without it`);
  if (!(minutes > 0)) throw new Error("--minutes: a number above 0");
  const ends = performance.now() + minutes * 60_000;
  mkdirSync(out, { recursive: true });
  const results: StageResult[] = [];
  const add = (result: StageResult): StageResult => {
    results.push(result);
    console.log(`${result.name}: ${result.status}, ${result.seconds.toFixed(1)} s`);
    for (const line of result.tail ?? []) console.log(`  | ${line}`);
    writeFileSync(join(out, "gpu-check.json"), JSON.stringify({ size, part, stages: results }, null, 1));
    return result;
  };
  const run = async (stage: Stage, whyNot?: string | false): Promise<StageResult> => {
    const left = (ends - performance.now()) / 1000;
    const reason = whyNot || (left < 1 && "no time is left");
    if (reason)
      return add({ name: stage.name, status: "not run", seconds: 0, records: [], peakMemoryMiB: 0, tail: [reason] });
    const log = join(out, `${stage.name.replaceAll(" ", "-")}.log`);
    return add(await runStage({ ...stage, limitSeconds: Math.min(stage.limitSeconds * (minutes / 8), left) }, log));
  };

  const machine = await run(python("machine", 60, "machine"));
  const facts: Partial<Machine> = recordsOf([machine], "machine")[0]?.machine ?? {};
  const device = asked ?? facts.device ?? "cpu";
  console.log(`${JSON.stringify(facts)}\ndevice ${device}, size ${size}: ${sizes[size].about}`);

  const weights = kept ? join(kept, size) : mkdtempSync(join(tmpdir(), "gpu-check-"));
  const drawnBefore = join(weights, "drawn");
  const draw = async (stage: Stage): Promise<string | false> => {
    if (existsSync(drawnBefore)) return false;
    rmSync(weights, { recursive: true, force: true });
    mkdirSync(weights, { recursive: true });
    const { status } = await run(stage);
    if (status === "ok") writeFileSync(drawnBefore, "");
    return status !== "ok" && "there are no weights";
  };
  try {
    const ofSize = ["--size", size, "--device", device, "--folder", weights];
    const env = { VIDEOR1_TEST_BACKEND: "torch", VIDEOR1_TORCH_DEVICE: device };
    const ours = (name: string, limitSeconds: number): Stage => ({
      name,
      command: [process.execPath, join(here, "check.mjs"), "stage", name, device, size, weights],
      env,
      limitSeconds,
    });
    const stop = new AbortController();
    const building = run(buildStage(facts.cores ?? 2)).then(({ status }) => {
      if (status !== "ok") stop.abort();
      return status === "ok";
    });
    const drawing = draw({ ...python("weights", 120, "weights", ...ofSize), signal: stop.signal });
    const isBuilt = await building;
    const noWeights = await drawing;
    if (isBuilt && part !== "2") {
      await run(ours("conformance", 90));
      await run(ours("golden", 120));
      await run(ours("bf16", 45));
      if (device.startsWith("cuda"))
        for (const group of Object.keys(kernelCases)) await run(ours(`kernels ${group}`, 60));
      await run(ours("train", 180), noWeights);
      await run(ours("train flat", 150), noWeights);
      await run(ours("train lora", 60), noWeights);
      await run(ours("train int8", 90), noWeights);
    }
    if (isBuilt && part !== "1") {
      await run(ours("bench", 120), noWeights);
      await run(ours("profile", 60), noWeights);
      await run(python("bench of transformers", 180, "bench", ...ofSize), noWeights);
    }
  } finally {
    if (!kept) rmSync(weights, { recursive: true, force: true });
  }
  console.log(`\n${failures(results)}${table(results)}`);
  return (
    results.every(({ status }) => status === "ok") &&
    recordsOf(results, "test").every(({ outcome }) => outcome !== "failed")
  );
}

const python = (name: string, limitSeconds: number, ...args: string[]): Stage => ({
  name,
  command: [process.env.PYTHON ?? "python3", join(here, "bench.py"), ...args],
  limitSeconds,
});

/** Compiles native/*.cc against the torch that python3 imports. */
const buildStage = (jobs: number): Stage => ({
  name: "build",
  command: [process.execPath, join(backend, "scripts/build.mjs")],
  env: { LIBTORCH_USE_PYTORCH: "1", NODE_API_INCLUDE: join(here, "include"), VIDEOR1_BUILD_JOBS: String(jobs) },
  limitSeconds: 240,
});
