/** Runs of `trainRl` whose completions server doubles draw, for tests. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "@videor1/cli";
import { createModel, readConfig, saveModel } from "@videor1/model-qwen25vl";
import { RlConfig, trainRl } from "@videor1/rl";
import { afterAll, afterEach } from "vitest";
import { type ModelServer, startModelServer } from "./model-server.ts";
import { root } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";

export interface ServedRun {
  outputDir: string;
  printed: string[];
  /** What ended it; undefined: its last step. */
  error: (Error & { code?: string }) | undefined;
}

/** Models, servers and runs in a folder that is removed after the file's tests. */
export function servedRuns() {
  const work = mkdtempSync(join(tmpdir(), "served-"));
  afterAll(() => rmSync(work, { recursive: true, force: true }));
  const servers: ModelServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });
  let small: SmallData;

  /** Random weights so large that every token and what the model sees matters. */
  async function randomize(folder: string, seed: number): Promise<void> {
    const model = createModel(readConfig(folder), { seed, scheme: { kind: "fanIn", gain: 2, embeddingStd: 0.18 } });
    await saveModel(model, folder);
    model.dispose();
  }
  return {
    policies: join(work, "policies"),
    /** To be called before the tests. */
    async make(): Promise<SmallData> {
      small = await makeSmallData(work);
      await randomize(small.init, 0);
      return small;
    },
    /** A model of the same kind in a folder of its own: another one by its seed, or with a head that is not the embedding. */
    async otherModel(name: string, { seed = 0, tied = true } = {}): Promise<string> {
      const folder = join(work, name);
      cpSync(small.init, folder, { recursive: true });
      const path = join(folder, "config.json");
      writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), tie_word_embeddings: tied }));
      await randomize(folder, seed);
      return folder;
    },
    async serve(...args: Parameters<typeof startModelServer>): Promise<ModelServer> {
      const server = await startModelServer(...args);
      servers.push(server);
      return server;
    },
    train: (name: string, urls: readonly string[], ...more: string[]): Promise<ServedRun> =>
      trainUntil(new AbortController().signal, name, urls, ...more),
    trainUntil,
  };

  /** As `train`, until the signal stops it after a step. */
  async function trainUntil(
    signal: AbortSignal,
    name: string,
    urls: readonly string[],
    ...more: string[]
  ): Promise<ServedRun> {
    const outputDir = join(work, name);
    const [file, ...settings] = small.rl as [string, ...string[]];
    const config = loadConfig(RlConfig, join(root, file), [
      ...[...settings, `model=${small.init}`, `outputDir=${outputDir}`, "maxSteps=2", "engine.workers=1"],
      ...["rollout.maxCompletionLength=8", `rollout.server.urls=[${urls.join(",")}]`, "rollout.server.model=base"],
      ...[`rollout.server.folder=${join(work, "policies")}`, ...more],
    ]);
    const printed: string[] = [];
    const options = { print: (line: string) => void printed.push(line), signal };
    const error = await trainRl(config, options).then(
      () => undefined,
      (reason: Error) => reason,
    );
    return { outputDir, printed, error };
  }
}

/** Settings of an adapter that learns fast, from a reward that its answers differ in. */
export const lora = [
  ...["lora={ rank: 4, alpha: 8 }", "optimizer.learningRate=1e-2"],
  `rewards.functions=[{ name: first, path: ${join(root, "tests/rewards/first-token.mjs")} }]`,
];
