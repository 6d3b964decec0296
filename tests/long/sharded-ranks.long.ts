/** A run that goes on with another number of processes, each time: the model of one process, byte for byte. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMetrics } from "@videor1/runs";
import { afterAll, expect, test } from "vitest";
import { resultsOf } from "../results-of.ts";
import { runCli, startCli } from "../run-cli.ts";
import { makeSmallData } from "../small-data.ts";

const work = mkdtempSync(join(tmpdir(), "sharded-ranks-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** `sft` on so many ranks, to its end. */
async function run(size: number, args: readonly string[]): Promise<void> {
  if (size === 1) {
    expect(await runCli("sft", args)).toMatchObject({ code: 0 });
    return;
  }
  const port = String(await freePort());
  const ranks = Array.from({ length: size }, (_, rank) => {
    const place = { RANK: String(rank), WORLD_SIZE: String(size), LOCAL_RANK: String(rank) };
    Object.assign(process.env, place, { MASTER_ADDR: "127.0.0.1", MASTER_PORT: port });
    return startCli("sft", args).ended; // takes the environment as it is now
  });
  for (const name of ["RANK", "WORLD_SIZE", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT"]) delete process.env[name];
  for (const { code, stderr } of await Promise.all(ranks)) expect([code, stderr]).toEqual([0, expect.any(String)]);
}

test.each([
  ["float32", ["dtype=float32"]],
  ["bfloat16, moments in 8 bits", ["dtype=bfloat16", "optimizer.moments=int8"]],
  ["LoRA", ["lora={ rank: 4, alpha: 8 }"]],
])("%s", async (name, given) => {
  const small = await makeSmallData(join(work, name));
  const settings = [
    ...small.sft,
    ...["engine.backend=torch", "engine.threads=1", "engine.workers=1", "gradientAccumulationSteps=4"],
    ...[
      "optimizer.schedule=constant",
      "optimizer.warmupSteps=0",
      "data.phases.0.steps=1",
      "engine.bucketMegabytes=0.2",
    ],
    ...given,
  ];
  const to = (steps: number, folder: string) => [...settings, `data.phases.1.steps=${steps}`, `outputDir=${folder}`];
  const [unbroken, changing] = [join(work, name, "unbroken"), join(work, name, "changing")];
  await run(1, to(5, unbroken));
  for (const [i, size] of [2, 3, 1, 2].entries()) {
    await run(size, to(i + 2, changing));
    const checkpoint = join(changing, "checkpoints", `checkpoint-${i + 3}`);
    const parts = readdirSync(checkpoint).filter((file) => file.startsWith("optimizer"));
    expect(parts.length).toBe(size);
  }
  const model = readdirSync(join(unbroken, "model")).filter((file) => file.endsWith(".safetensors"));
  expect(model.length).toBeGreaterThan(0);
  for (const file of model)
    expect(readFileSync(join(changing, "model", file)).equals(readFileSync(join(unbroken, "model", file)))).toBe(true);
  expect(readMetrics(changing).map(resultsOf)).toEqual(readMetrics(unbroken).map(resultsOf));
});
