/** Served runs that are stopped: what they say, what they leave, and that they go on. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readMetrics, readRollouts } from "@videor1/runs";
import { beforeAll, expect, test } from "vitest";
import { runCli } from "../run-cli.ts";
import { lora, servedRuns } from "../served-runs.ts";
import type { SmallData } from "../small-data.ts";

const { make, otherModel, serve, train } = servedRuns();
let small: SmallData;
beforeAll(async () => {
  small = await make();
});

test("pushes without effect, and servers that are gone, end the run with a checkpoint; it goes on with others", async () => {
  let asked = 0;
  const ill = await serve(small.init, {
    onRequest() {
      asked += 1;
      if (asked === 9) ill.misreading.ignoresPushes = true;
    },
  });
  const run = (server: { double: { url: string } }, ...more: string[]) =>
    train("stopped", [server.double.url], ...lora, "maxSteps=4", "rollout.server.check.every=1", ...more);
  const stopped = await run(ill);
  expect(stopped.error).toMatchObject({
    name: "ServedModelError",
    code: "SERVER_SETUP",
    message: expect.stringMatching(/pushes have no effect|log-probabilities are not the policy's/),
    hint: expect.stringMatching(/\w/),
  });
  const made = readMetrics(stopped.outputDir).length;
  expect(made).toBeGreaterThan(0);
  expect(readdirSync(join(stopped.outputDir, "checkpoints"))).toContain(`checkpoint-${made}`);
  await ill.stop();
  const gone = await run(ill, "rollout.server.waitSeconds=0");
  expect(gone.error).toMatchObject({ code: "SERVERS_DOWN", message: expect.stringContaining("ECONNREFUSED") });
  const well = await run(await serve(small.init));
  expect(well.error).toBeUndefined();
  const expected = [1, 2, 3, 4].flatMap((step) => [`${step}/0/0`, `${step}/0/1`]);
  expect(readRollouts(well.outputDir).map(({ id }) => id)).toEqual(expected);
  const { code, stdout } = await runCli("replay", [well.outputDir, "4"]);
  expect([code, stdout]).toEqual([0, expect.stringContaining("all metrics agree")]);
});

test("whole weights are read while the server is paused; answers of others are thrown away and asked again", async () => {
  const folder = await otherModel("untied", { tied: false });
  let asked = 0;
  const server = await serve(folder, {
    onRequest() {
      if (++asked === 5) server.double.engine.restart(); // its weights are those of the start again
    },
  });
  const { outputDir, error } = await train("weights", [server.double.url], `model=${folder}`);
  expect(error).toBeUndefined();
  expect(readRollouts(outputDir).map(({ id }) => id)).toEqual(["1/0/0", "1/0/1", "2/0/0", "2/0/1"]);
  const gift = ["POST /pause", "POST /collective_rpc", "POST /update_weight_version", "POST /resume"];
  expect(server.double.calls).toEqual([...gift, ...gift, ...gift]); // of both steps, and after the restart
});
