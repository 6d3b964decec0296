// How many requests of 8 items does one core answer over loopback? Server on core 0, 64 connections from elsewhere.
// Uses wrk if it is installed, else a client of its own, which is slower than the server and so measures itself.
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";

const seconds = 8;
const connections = 64;
const thinking =
  "A hand lifts the red cup from the left of the kettle and sets it down behind; it stays there to the end. ";
const answers = [
  ["multiple choice", "B", "B"],
  ["multiple choice", "C", "A"],
  ["numerical", "3.00", "3.00"],
  ["numerical", "1,250", "1250"],
  ["regression", "4.2", "4.0"],
  ["OCR", "EXIT only on the left side", "EXIT only on left side"],
  [
    "free-form",
    "A person moves the red cup behind the kettle.",
    "The person puts the red cup behind the kettle, then leaves.",
  ],
  ["free-form", "Because the cup was in the way of the kettle's handle.", "The cup blocked the handle of the kettle."],
] as const;
const items = answers.map(([problemType, answer, truth], id) => ({
  id,
  problemType,
  completion: `<think>${thinking.repeat(8)}</think>\n<answer>${answer}</answer>`,
  solution: `<answer>${truth}</answer>`,
}));
const body = JSON.stringify({ items });

interface Load {
  requests: number;
  errors: number;
  seconds: number;
  p50Milliseconds: number;
  p99Milliseconds: number;
}

const has = (program: string): boolean => spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined;
const canPin = has("taskset") && availableParallelism() > 1;
const pinned = (core: string, command: readonly string[]): string[] =>
  canPin ? ["taskset", "-c", core, ...command] : [...command];

async function startServer(): Promise<{ server: ChildProcess; url: string }> {
  const cli = join(import.meta.dirname, "../src/cli.ts");
  const node = [process.execPath, "--conditions=@videor1/source", "--import", "tsx", cli, "serve", "--port", "0"];
  const [command, ...args] = pinned("0", node);
  const server = spawn(command!, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(server.stdout, "data")) as [Buffer];
  return { server, url: line.toString().match(/http:\/\/[^\s,]+/)![0] };
}

function loadWithWrk(url: string, duration: number): Load {
  const folder = mkdtempSync(join(tmpdir(), "videor1-bench-"));
  const script = join(folder, "post.lua");
  writeFileSync(join(folder, "body.json"), body);
  writeFileSync(
    script,
    `wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.body = io.open("${join(folder, "body.json")}"):read("*a")
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('\\n{"requests":%d,"errors":%d,"seconds":%f,"p50Milliseconds":%f,"p99Milliseconds":%f}\\n',
    summary.requests, e.connect + e.read + e.write + e.status + e.timeout, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
`,
  );
  const wrk = ["wrk", "-t1", "--timeout", "30s", `-c${connections}`, `-d${duration}s`, "-s", script, `${url}/v1/score`];
  const [command, ...args] = pinned(`1-${availableParallelism() - 1}`, wrk);
  const output = execFileSync(command!, args, { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return JSON.parse(output.trimEnd().split("\n").at(-1)!) as Load;
}

async function loadWithNode(url: string, duration: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const times: number[] = [];
  let errors = 0;
  const start = performance.now();
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      const sent = performance.now();
      const failed = (): void => {
        errors++;
        resolve();
      };
      const call = request(`${url}/v1/score`, { method: "POST", agent, headers }, (response) => {
        if (response.statusCode !== 200) errors++;
        response.resume().once("end", () => {
          times.push(performance.now() - sent);
          resolve();
        });
      });
      call.once("error", failed).end(body);
    });
  const worker = async (): Promise<void> => {
    while (performance.now() - start < duration * 1000) await one();
  };
  await Promise.all(Array.from({ length: connections }, worker));
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(share * (times.length - 1))]!;
  const elapsed = (performance.now() - start) / 1000;
  return { requests: times.length, errors, seconds: elapsed, p50Milliseconds: at(0.5), p99Milliseconds: at(0.99) };
}

async function cpuSeconds(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(text.match(/^process_cpu_seconds_total (.+)$/m)![1]);
}

const hasWrk = has("wrk");
const load = hasWrk ? loadWithWrk : loadWithNode;
const { server, url } = await startServer();
try {
  await load(url, 2); // warms up
  const before = await cpuSeconds(url);
  const measured = await load(url, seconds);
  const cpu = (await cpuSeconds(url)) - before;
  const rate = measured.requests / measured.seconds;
  const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
  console.log(
    `${Math.round(rate)} requests/s of ${items.length} items; ${Math.round(measured.requests / cpu)} a CPU second`,
  );
  console.log(
    JSON.stringify({
      bench: "reward-server",
      requestsPerSecond: Math.round(rate),
      itemsPerRequest: items.length,
      requestsPerCpuSecond: Math.round(measured.requests / cpu),
      errors: measured.errors,
      p50Milliseconds: rounded(measured.p50Milliseconds, 2),
      p99Milliseconds: rounded(measured.p99Milliseconds, 2),
      connections,
      seconds: rounded(measured.seconds, 2),
      bodyBytes: body.length,
      client: hasWrk ? "wrk" : "node",
      pinned: canPin,
      loadAverage: rounded(loadavg()[0]!, 1),
      cpu: cpus()[0]?.model,
      node: process.version,
    }),
  );
  if (measured.errors > 0) process.exitCode = 1;
} finally {
  server.kill("SIGTERM");
}
