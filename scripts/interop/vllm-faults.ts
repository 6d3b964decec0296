/** A served run whose server is paused, killed and started again, and loses its adapter's folder. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readLedger, readRollouts } from "@videor1/runs";
import { startVllm } from "./vllm-server.ts";

export interface FaultsOptions {
  python: string;
  model: string;
  /** Where the policies' folders and the servers' logs are. */
  folder: string;
  /** Of the run and its servers. */
  settings: readonly string[];
  servedBy: (url: string) => string[];
  /** Runs `npm run rl` with settings. */
  runRl: (...settings: string[]) => Promise<{ code: number; text: string }>;
  report: (holds: boolean, line: string) => void;
}

const steps = 6;

/** The server's CPU and memory go with it: nothing of it is left but the port. */
export async function checkFaults({ python, model, folder, settings, servedBy, runRl, report }: FaultsOptions) {
  const output = settings.find((setting) => setting.startsWith("outputDir="))!.slice("outputDir=".length);
  const policies = join(folder, "policies");
  const log = (name: string) => join(folder, `vllm-${name}.log`);
  let server = await startVllm(python, model, log("faults"));
  const { url, port } = server;
  const root = url.replace(/\/v1$/, "");
  const post = (path: string) => fetch(`${root}${path}`, { method: "POST", body: "{}" });
  const run = () =>
    runRl(
      ...settings,
      `maxSteps=${steps}`,
      "rollout.server.waitSeconds=240",
      "checkpoint.everySteps=100",
      ...servedBy(url),
    );
  const stepsMade = () => Math.max(0, ...groups().map(({ step }) => step));
  const groups = () => {
    try {
      return readRollouts(output);
    } catch {
      return []; // not begun
    }
  };
  const until = async (step: number, isEnded: () => boolean) => {
    while (stepsMade() < step && !isEnded()) await sleep(200);
    await sleep(2000); // into the next step's rollouts
  };

  const first = watched(run());
  await until(1, first.isEnded);
  await post("/pause?mode=abort");
  await sleep(5000);
  await post("/resume");
  console.log("paused for 5 s with mode=abort: what was running ended with finish_reason abort");
  await until(2, first.isEnded);
  server.stop("SIGKILL");
  const began = Date.now();
  server = await startVllm(python, model, log("faults-2"), { port });
  console.log(
    `killed with kill -9, and started again on the same port after ${Math.round((Date.now() - began) / 1000)} s`,
  );
  await until(4, first.isEnded);
  for (const name of readdirSync(policies).filter((name) => name.startsWith("faults-")))
    rmSync(join(policies, name), { recursive: true });
  server.stop("SIGKILL");
  server = await startVllm(python, model, log("faults-3"), { port });
  const { code, text } = await first.ended;
  const said = text.trim().split("\n").slice(-2).join(" / ");
  report(
    code === 1 && /SERVERS?_|server/i.test(said),
    `the adapter's folder deleted and the server killed: the run ends with code ${code}: ${said}`,
  );
  const second = await run();
  const ids = groups().map(({ id }) => id);
  report(
    second.code === 0 && new Set(ids).size === ids.length && ids.length + readLedger(output).length === 8 * steps,
    `the same command again: code ${second.code}; ${ids.length} prompts of ${steps} steps, each once, ${readLedger(output).length} left out`,
  );
  server.stop();
}

function watched<T>(promise: Promise<T>) {
  let isEnded = false;
  const ended = promise.finally(() => {
    isEnded = true;
  });
  return { ended, isEnded: () => isEnded };
}
