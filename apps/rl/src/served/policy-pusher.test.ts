import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ServedModelError, serverControl } from "@videor1/served-model";
import { type ServerDouble, type ServerDoubleOptions, startServerDouble } from "@videor1/served-model/double";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { RlConfig } from "../config.ts";
import { checkServedHead } from "./check-served-head.ts";
import { policyPusher, runName } from "./policy-pusher.ts";

const work = mkdtempSync(join(tmpdir(), "pusher-"));
afterAll(() => rmSync(work, { recursive: true }));
let folder: string;
const forgotten: string[] = [];
beforeEach(() => {
  forgotten.length = 0;
  folder = mkdtempSync(join(work, "policies-"));
});
const doubles: ServerDouble[] = [];
afterEach(async () => {
  await Promise.all(doubles.splice(0).map((double) => double.stop()));
});
const start = async (options: ServerDoubleOptions = {}) => {
  const double = await startServerDouble({ model: "base", ...options });
  doubles.push(double);
  return double;
};

function open(
  servers: readonly Pick<ServerDouble, "url">[],
  changes: object = {},
  server: object = {},
  lookSeconds = 5,
  check?: () => Promise<string[]>,
) {
  const urls = servers.map(({ url }) => url);
  const config = RlConfig.parse({
    model: "m",
    outputDir: "runs/my run",
    data: { records: "r", media: { mediaRoot: "." } },
    lora: { rank: 4, alpha: 8 },
    rollout: { server: { urls, model: "base", folder, waitSeconds: 0, ...server } },
    ...changes,
  });
  const controls = urls.map((url) => serverControl(url, { timeoutSeconds: 5 }));
  const pusher = policyPusher({
    config,
    controls,
    looks: urls.map((url) => serverControl(url, { timeoutSeconds: lookSeconds })),
    checks: {
      check: check ?? (async (control) => [`checked ${control.server}`]),
      forget: (control) => void forgotten.push(control.server),
    },
    write: async (to) => writeFileSync(join(to, "adapter_model.safetensors"), "weights"),
    endTokenIds: [2],
  });
  return { ...pusher, controls };
}

test("every version has a name and a folder of its own; older ones are unloaded before their folders go", async () => {
  const double = await start();
  const pusher = open([double]);
  const names: string[] = [];
  for (const version of [0, 1, 2]) {
    const { policy, lines } = await pusher.push(version, undefined);
    expect(lines).toEqual([`checked ${double.url}`]);
    expect(policy).toMatchObject({
      version,
      push: "adapter",
      servers: [double.url],
      folder: join(folder, policy.model),
    });
    names.push(policy.model);
    expect([...double.engine.adapters.keys()]).toEqual(names.slice(-2));
    expect(readdirSync(folder).sort()).toEqual(names.slice(-2));
  }
  expect(names.map((name) => name.replace(/[0-9a-f]{6}/g, "x"))).toEqual([0, 1, 2].map((v) => `my_run-x-x-v${v}`));
  await pusher.close();
  expect([double.engine.adapters.size, readdirSync(folder)]).toEqual([0, []]);
});

test("what an earlier start of the run left on a server is unloaded, other runs' is not", async () => {
  const double = await start();
  const control = serverControl(double.url);
  const old = `${runName("runs/my run")}-abcdef-v7`;
  mkdirSync(join(folder, "other"));
  const folders = [old.replace("-v7", "-v17.tmp"), "other-123456-abcdef-v1", `${old}-kept`, `x${old}`, "notes"];
  for (const name of [old, ...folders]) mkdirSync(join(folder, name));
  for (const name of [old, "other-run-v1"]) await control.loadAdapter(name, join(folder, "other"));
  const { policy } = await open([double]).push(3, undefined);
  expect([...double.engine.adapters.keys()]).toEqual(["other-run-v1", policy.model]);
  expect(readdirSync(folder).sort()).toEqual(["other", policy.model, ...folders.slice(1)].sort());
});

test("a server that is away is told and left out; without any the push fails", async () => {
  const [up, down] = [await start(), await start()];
  await down.stop();
  const { policy, lines } = await open([up, down]).push(0, undefined);
  expect(policy.servers).toEqual([up.url]);
  expect(lines.at(-1)).toContain(`Left out until it answers: ${down.url}: the connection failed`);
  await expect(open([down]).push(0, undefined)).rejects.toMatchObject({
    code: "SERVERS_DOWN",
    message: expect.stringContaining("ECONNREFUSED"),
  });
});

test("a server that hangs is asked only whether it answers, and the others get the policy", async () => {
  const asked: string[] = [];
  const hanging = createServer((request) => void asked.push(request.method!)).listen(0, "127.0.0.1");
  await once(hanging, "listening");
  const url = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}/v1`;
  const up = await start();
  const pusher = open([up, { url }], {}, {}, 0.3);
  for (const version of [0, 1, 2]) expect((await pusher.push(version, undefined)).policy.servers).toEqual([up.url]);
  await pusher.close();
  expect(asked).toEqual(["GET", "GET", "GET", "GET"]);
  expect(readdirSync(folder)).toEqual([]);
  hanging.closeAllConnections();
  hanging.close();
});

test("an unload that a server refuses does not keep the folder", async () => {
  const double = await start();
  const pusher = open([double]);
  await pusher.push(0, undefined);
  const refused = new ServedModelError("SERVER_SETUP", { problem: "no", hint: "" });
  pusher.controls[0]!.unloadAdapter = () => Promise.reject(refused);
  await expect(pusher.close()).rejects.toBe(refused);
  expect(readdirSync(folder)).toEqual([]);
});

test("a server that has lost what it was given is compared anew, also if it was given the newest again, or was away", async () => {
  const [same, other] = [await start(), await start()];
  const pusher = open([same, other]);
  await pusher.push(0, undefined);
  const { policy } = await pusher.push(1, undefined);
  expect(forgotten).toEqual([]);
  other.engine.restart();
  await serverControl(other.url).loadAdapter(policy.model, policy.folder);
  await pusher.push(2, undefined);
  expect(forgotten).toEqual([other.url]);
  await other.stop();
  await pusher.push(3, undefined);
  expect(forgotten).toEqual([other.url, other.url]);
});

test("weights of another label: the server is compared anew", async () => {
  const double = await start();
  const pusher = open([double], { lora: undefined });
  for (const version of [0, 1]) await pusher.push(version, undefined);
  expect(forgotten).toEqual([]);
  double.engine.restart();
  await pusher.push(2, undefined);
  expect(forgotten).toEqual([double.url]);
});

test("servers are told the folder by the path that they have for it", async () => {
  const link = `${folder}-elsewhere`;
  symlinkSync(folder, link);
  const double = await start();
  const { policy } = await open([double], {}, { serverFolder: link }).push(0, undefined);
  expect([...double.engine.adapters.values()]).toEqual([join(link, policy.model)]);
  expect(readdirSync(folder)).toEqual([policy.model]);
});

test("whole weights are read while the server is paused", async () => {
  const double = await start();
  const { policy } = await open([double], { lora: undefined }).push(5, undefined);
  expect(policy).toMatchObject({ push: "weights", model: "base" });
  expect(double.calls).toEqual(
    ["pause", "collective_rpc", "update_weight_version", "resume"].map((name) => `POST /${name}`),
  );
  expect(double.engine.weights).toBe(policy.folder);
  expect([double.engine.isPaused, existsSync(policy.folder)]).toEqual([false, true]);
});

test("a server that another program paused is called paused, with what to do", async () => {
  const double = await start();
  await serverControl(double.url).pause();
  const timedOut = new ServedModelError("TIMED_OUT", { server: double.url, problem: "no whole reply", hint: "" });
  const pusher = open([double], {}, {}, 5, () => Promise.reject(timedOut));
  const error = await pusher.push(0, undefined).catch((error: ServedModelError) => error);
  expect(error).toMatchObject({ code: "SERVERS_DOWN", message: expect.stringContaining("the server is paused") });
  const { lines } = await open([double]).push(0, undefined); // its answers are not due
  expect(lines.at(-1)).toMatch(/^Warning: .* the server is paused/);
  expect((error as { hint: string }).hint).toContain(`curl -X POST ${double.url.replace("/v1", "/resume")}`);
});

test("a pause that takes too long is taken back", async () => {
  const double = await start();
  const late = new ServedModelError("TIMED_OUT", { server: double.url, problem: "no whole reply", hint: "" });
  const pusher = open([double], { lora: undefined });
  const pause = pusher.controls[0]!.pause;
  pusher.controls[0]!.pause = async () => {
    await pause();
    throw late;
  };
  await expect(pusher.push(0, undefined)).rejects.toMatchObject({ code: "SERVERS_DOWN" });
  expect(double.engine.isPaused).toBe(false);
});

test("a head that is the embedding is refused for whole weights, and not for an adapter", () => {
  const golden = fileURLToPath(new URL("../../../../packages/model-qwen25vl/test/golden", import.meta.url));
  const config = (model: string, changes: object = {}) =>
    RlConfig.parse({
      model: join(golden, model),
      outputDir: "o",
      data: { records: "r", media: { mediaRoot: "." } },
      rollout: { server: { urls: ["http://127.0.0.1:8000/v1"], model: "base", folder } },
      ...changes,
    });
  expect(() => checkServedHead(config("tiny_b"))).toThrow(expect.objectContaining({ code: "OPTIONS" }));
  checkServedHead(config("tiny_b", { lora: { rank: 4, alpha: 8 } }));
  checkServedHead(config("tiny_a"));
  expect(() =>
    config("tiny_a", { rollout: { server: { urls: ["http://a"], model: "b", folder, push: "adapter" } } }),
  ).toThrow("adapter, but all weights are trained");
});
