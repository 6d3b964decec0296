// The Python client functions, run by a real Python, called as the trainers call them.
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RewardServer, serve } from "../src/serve.ts";
import { eventually } from "./client.ts";
import { ended, startServer } from "./start-cli.ts";

const version = spawnSync("python3", ["--version"], { encoding: "utf8" });
const token = "a-token-for-python";
const hasPython = version.status === 0;
if (!hasPython) console.warn("python.test.ts is skipped: python3 does not run here");

const startPython = (call: string, env: NodeJS.ProcessEnv): ChildProcessWithoutNullStreams =>
  spawn("python3", [join(import.meta.dirname, "call_clients.py"), call], {
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...env },
  });

/** Number of scoring requests to which a server has responded with a status. */
async function answered(url: string, status: number): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).text();
  const line = new RegExp(`^videor1_rewards_requests_total{path="/v1/score",status="${status}"} (\\d+)$`, "m");
  return Number(metrics.match(line)?.[1] ?? 0);
}

async function python(call: string, env: NodeJS.ProcessEnv): Promise<unknown> {
  const { code, stdout, stderr } = await ended(startPython(call, env));
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe.skipIf(!hasPython)("the Python clients", () => {
  let server: RewardServer;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    server = await serve({ port: 0 }, { token });
    env = { VIDEOR1_REWARDS_URL: server.url, VIDEOR1_REWARDS_TOKEN: token, http_proxy: "http://127.0.0.1:9" };
  });
  afterAll(async () => {
    await server.stop();
  });

  test("TRL: lists of floats, None for an item that failed, texts and conversations", async () => {
    expect(await python("trl", env)).toEqual({
      names: ["accuracy_reward", "format_reward"],
      accuracy: [1, 0, null],
      format: [1, 0, 1],
      texts: [1, 0, null],
      parts: [1],
    });
  });

  test("ms-swift: classes for orms", async () => {
    expect(await python("swift", env)).toEqual({ accuracy: [1, 0], format: [1, 0] });
  });

  test("verl: dicts with a score, one by one and in a batch", async () => {
    const right = { score: 2, acc: 1, format: 1, failed: 0 };
    const wrong = { score: 0, acc: 0, format: 0, failed: 0 };
    expect(await python("verl", env)).toEqual({ one: right, label: wrong, batch: [right, wrong] });
  });

  test("EasyR1: overall, format and accuracy, batch and sequential", async () => {
    expect(await python("easyr1", env)).toEqual({
      batch: [
        { overall: 2, format: 1, accuracy: 1, failed: 0 },
        { overall: 0, format: 0, accuracy: 0, failed: 0 },
      ],
      sequential: { overall: 2, format: 1, accuracy: 1, failed: 0 },
    });
  });

  test("AReaL: a float, from worker processes", async () => {
    expect(await python("areal", env)).toEqual([2, 0]);
  });

  test("the turn that counts is the model's last with text: not a tool's, and a call of one is no answer", async () => {
    expect(await python("turns", env)).toEqual({
      accuracy: [0, 0, 0, 0, 0, 1, 0, 1, 1, 0],
      format: [0, 0, 0, 0, 0, 0, 0, 1, 1, 0],
      mixed: [1, 0, 1],
      user: [0],
    });
  });

  test("null is a missing key; a sample without a label fails alone", async () => {
    const right = { score: 2, acc: 1, format: 1, failed: 0 };
    expect(await python("nulls", env)).toEqual({
      verl: right,
      trl: [1, 1, null],
      easyr1: [{ overall: 2, format: 1, accuracy: 1, failed: 0 }],
      failed: { score: 0, acc: 0, format: 0, failed: 1 },
    });
  });

  test("other shapes of messages, labels and columns; what is missing; texts of all sizes", async () => {
    expect(await python("members", env)).toEqual({ wrong: [], count: 48 });
  });

  test("a prompt that ends in <think> has opened the thinking", async () => {
    expect(await python("opened", env)).toEqual({ format: [1, 1, 0], cut: [0], areal: 2, verl: 1 });
  });

  test("texts that grow as JSON are sent in smaller requests; one that is too large fails alone", async () => {
    expect(await python("large", env)).toEqual({ wrong: [0, 0], alone: [null, 1, null] });
  });

  test("a token in the URL may be percent-encoded", async () => {
    const other = await serve({ port: 0 }, { token: "ab/cd+ef==" });
    const url = other.url.replace("http://", "http://token:ab%2Fcd%2Bef%3D%3D@");
    expect(await python("areal", { VIDEOR1_REWARDS_URL: url, VIDEOR1_REWARDS_TOKEN: "" })).toEqual([2, 0]);
    await other.stop();
  });

  test("more than fits one request is sent in several; text arrives as it is", async () => {
    expect(await python("big", env)).toEqual({ count: 1004, right: 1001, last: true });
  });

  test("the server's refusals and the caller's mistakes are errors that say what to do", async () => {
    expect(await python("errors", env)).toMatchObject({
      token: { type: "RewardServerError", text: expect.stringContaining("printable ASCII") },
      rules: { type: "RewardServerError", status: 422, text: expect.stringContaining("rules") },
      type: { type: "ValueError", text: expect.stringContaining("VIDEOR1_REWARDS_PROBLEM_TYPE") },
      number: { type: "TypeError", text: expect.stringContaining("3.0") },
      lengths: { type: "ValueError", text: expect.stringContaining("[2, 1, 2") },
      empty: [],
    });
  });

  test("a wrong token is told at once, without trying again", async () => {
    const before = await answered(server.url, 401);
    await expect(python("areal", { ...env, VIDEOR1_REWARDS_TOKEN: "wrong" })).rejects.toThrow("401");
    expect(await answered(server.url, 401)).toBe(before + 2); // one for each of its two calls
  });

  test("no server: the error comes when patience is over, and names the address", async () => {
    const nobody = { ...env, VIDEOR1_REWARDS_URL: "http://127.0.0.1:9", VIDEOR1_REWARDS_PATIENCE: "0.5" };
    await expect(python("swift", nobody)).rejects.toThrow(/127\.0\.0\.1:9 cannot be reached.*videor1-rewards serve/s);
  });

  test("an item that could not be scored is warned of, with the reason, once", async () => {
    const { stdout, stderr } = await ended(startPython("warned", env));
    expect(JSON.parse(stdout)).toEqual([0, 0, 0]);
    expect(stderr.match(/riddle/g)).toHaveLength(1);
  });

  test("kill -9 and a new start, twice, in the middle of 64 threads: every answer arrives, and is the right one", async () => {
    const first = await startServer();
    const { port } = new URL(first.url);
    const child = startPython("crowd", { VIDEOR1_REWARDS_URL: first.url, VIDEOR1_REWARDS_PATIENCE: "240" });
    const end = ended(child);
    let pausesSeen = 0;
    child.stdout.on("data", (text: string) => {
      pausesSeen += text.split("\n").length - 1;
    });
    let { child: running } = first;
    for (let kill = 0; kill < 2; kill++) {
      await eventually(async () => (await answered(first.url, 200)) > 200);
      running.kill("SIGKILL");
      await once(running, "close");
      const pausesBefore = pausesSeen;
      await eventually(() => pausesSeen >= pausesBefore + 64); // the threads find the server gone
      ({ child: running } = await startServer(["--port", port]));
    }
    child.stdin.end();
    const { code, stdout, stderr } = await end;
    running.kill("SIGKILL");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const { batches, wrong } = JSON.parse(stdout.replaceAll("pause\n", "")) as Record<string, number>;
    expect(wrong).toBe(0);
    expect(batches).toBeGreaterThan(64);
  });
});
