/** A vLLM on this machine's CPU. */
import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const environment = {
  VLLM_CPU_KVCACHE_SPACE: "1", // GiB; without it a large share of the memory is wanted
  VLLM_CPU_OMP_THREADS_BIND: "nobind", // "auto" pins the worker to one core of a shared machine
  VLLM_ALLOW_RUNTIME_LORA_UPDATING: "1", // POST /v1/load_lora_adapter
  VLLM_SERVER_DEV_MODE: "1", // POST /pause, /resume, /collective_rpc
  HF_HUB_OFFLINE: "1",
  VLLM_NO_USAGE_STATS: "1",
  DO_NOT_TRACK: "1",
};

const options = (model: string, port: number): string[] => [
  ...["--model", model, "--served-model-name", "tiny", "--host", "127.0.0.1", "--port", `${port}`],
  ...["--dtype", "float32", "--max-model-len", "2048", "--enforce-eager"],
  ...["--trust-request-mm-kwargs", "--limit-mm-per-prompt", '{"video":2,"image":4}'],
  ...["--enable-lora", "--max-loras", "2", "--max-lora-rank", "16"],
];

export interface VllmOptions {
  /** Default: a free one. */
  port?: number;
  /** Further arguments; a later one of the same name counts. */
  more?: readonly string[];
}

/**
 * Starts the server that `python` can import, and waits until it answers.
 *
 * @param log - File for what it prints.
 * @throws {Error} If it ends, or does not answer within 15 minutes.
 */
export async function startVllm(
  python: string,
  model: string,
  log: string,
  { port: asked, more = [] }: VllmOptions = {},
): Promise<{ url: string; port: number; pid: number; stop(signal?: NodeJS.Signals): void }> {
  const port = asked ?? (await freePort());
  const out = openSync(log, "w");
  // the wheel's own `vllm` command looks for a distribution of another name, so the module is started
  const server = spawn(python, ["-m", "vllm.entrypoints.openai.api_server", ...options(model, port), ...more], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", out, out],
    detached: true, // a group of its own, so that its workers end with it
  });
  const stop = (signal: NodeJS.Signals = "SIGTERM") => {
    try {
      process.kill(-server.pid!, signal);
    } catch {} // it has ended already
  };
  process.once("exit", () => stop());
  const began = Date.now();
  while (!(await answers(port))) {
    if (server.exitCode !== null) throw new Error(`vLLM ended with exit code ${server.exitCode}; see ${log}`);
    if (Date.now() - began > 900_000) throw new Error(`vLLM did not answer within 15 minutes; see ${log}`);
    await sleep(1000);
  }
  return { url: `http://127.0.0.1:${port}/v1`, port, pid: server.pid!, stop };
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health`)).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
