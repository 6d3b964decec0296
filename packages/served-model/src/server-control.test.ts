import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { clientOf, prompt, start } from "../test/doubles.ts";
import { recorded } from "../test/recorded.ts";
import { type ServerControl, serverControl } from "./server-control.ts";

const folder = mkdtempSync(join(tmpdir(), "policies-"));
afterAll(() => rmSync(folder, { recursive: true }));

const opened = async () => {
  const double = await start();
  return { double, control: serverControl(double.url) };
};

describe("the double answers as vLLM", () => {
  test.each<[string, (control: ServerControl) => Promise<unknown>]>([
    ["lora-load", async () => {}],
    ["lora-load-again", (control) => control.loadAdapter("policy-v1", folder)],
    ["error-load-adapter-missing", async () => {}],
    ["lora-unload", (control) => control.loadAdapter("policy-v2", folder)],
    ["error-unload-unknown", async () => {}],
    ["reload-weights", (control) => control.pause()],
    ["error-reload-missing", async () => {}],
    ["weight-info", async () => {}],
    ["update-weight-version", async () => {}],
    ["is-paused", async () => {}],
    ["resume", (control) => control.pause()],
  ])("%s", async (name, before) => {
    const { double, control } = await opened();
    await before(control);
    const { request, response } = recorded(name);
    const body = JSON.parse(
      JSON.stringify(request.body ?? null)
        .replace(/"\/policies\/[^"]*"/, JSON.stringify(folder))
        .replace('"/policies/model2"', JSON.stringify(folder)),
    );
    const reply = await fetch(double.url.replace("/v1", request.path), {
      method: request.method,
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    const said = typeof response.body === "string" ? text : JSON.parse(text);
    expect({ status: reply.status, body: said }).toEqual({ status: response.status, body: response.body });
  });
});

describe("adapters", () => {
  test("are loaded, asked for, listed and unloaded; twice does no harm", async () => {
    const { double, control } = await opened();
    await control.loadAdapter("v1", folder);
    await control.loadAdapter("v1", folder);
    expect(await control.models()).toEqual([
      { id: "double", root: "double" },
      { id: "v1", root: folder },
    ]);
    expect((await clientOf([double]).complete(prompt("Why?", { model: "v1" }))).model).toBe("v1");
    expect([await control.unloadAdapter("v1"), await control.unloadAdapter("v1")]).toEqual([true, false]);
    await expect(clientOf([double]).complete(prompt("Why?", { model: "v1" }))).rejects.toMatchObject({ status: 404 });
  });

  test("whose folder the server does not see are told with the folder", async () => {
    const { control } = await opened();
    await expect(control.loadAdapter("v1", "/nowhere/v1")).rejects.toMatchObject({
      code: "SERVER_SETUP",
      status: 404,
      message: expect.stringContaining("the server loads no adapter from /nowhere/v1 (404)"),
      hint: "Does the server see that folder under that path?",
    });
  });

  test("beyond the server's number, with the first one's folder gone, end the engine, as in vLLM", async () => {
    const { double, control } = await opened();
    const first = mkdtempSync(join(folder, "first-"));
    for (const [name, path] of [
      ["v1", first],
      ["v2", folder],
      ["v3", folder],
    ] as const)
      await control.loadAdapter(name, path);
    rmSync(first, { recursive: true });
    const asked = clientOf([double], { maxTries: 1 }).complete(prompt("Why?", { model: "v1" }));
    await expect(asked).rejects.toMatchObject({
      code: "SERVER_FAILED",
      message: expect.stringContaining("EngineCore"),
    });
    expect((await fetch(double.url.replace("/v1", "/health"))).status).toBe(503);
  });
});

describe("weights", () => {
  test("are read while nothing runs, and labelled", async () => {
    const { double, control } = await opened();
    await control.pause();
    expect(await control.isPaused()).toBe(true);
    let isAnswered = false;
    const held = clientOf([double])
      .complete(prompt("Why?"))
      .finally(() => {
        isAnswered = true;
      });
    await control.reloadWeights(folder);
    await control.setWeightVersion("run-v3");
    expect([isAnswered, double.inFlight.now]).toEqual([false, 1]);
    await control.resume();
    expect((await held).finishReason).toBe("stop");
    expect(await control.weightVersion()).toBe("run-v3");
    expect(double.engine.weights).toBe(folder);
  });

  test("of a missing folder are refused, and the engine ends with the next request", async () => {
    const { double, control } = await opened();
    await control.pause();
    await expect(control.reloadWeights("/nowhere")).rejects.toMatchObject({ code: "SERVER_FAILED", status: 500 });
    await control.resume();
    await expect(clientOf([double], { maxTries: 1 }).complete(prompt("Why?"))).rejects.toMatchObject({ status: 500 });
  });
});

test.each([
  [429, "RATE_LIMITED"],
  [500, "SERVER_FAILED"],
  [503, "SERVER_FAILED"],
  [401, "SERVER_SETUP"],
])("a status %i of the calls that give adapters is %s", async (status, code) => {
  const server = createServer((_, reply) => void reply.writeHead(status).end("boom")).listen(0, "127.0.0.1");
  await once(server, "listening");
  const control = serverControl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  const calls = [control.models(), control.loadAdapter("v1", folder), control.unloadAdapter("v1")];
  for (const call of calls) await expect(call).rejects.toMatchObject({ code, status });
  if (status === 401)
    await expect(control.models()).rejects.toMatchObject({ hint: expect.stringContaining("apiKeyVariable") });
  server.close();
});

test("a server without these routes is told how it is started", async () => {
  const { double } = await opened();
  const control = serverControl(`${double.url}/elsewhere`);
  await expect(control.weightVersion()).rejects.toMatchObject({
    code: "SERVER_SETUP",
    hint: "Start vLLM with VLLM_SERVER_DEV_MODE=1.",
  });
  await expect(control.loadAdapter("v1", folder)).rejects.toMatchObject({
    hint: expect.stringContaining("--enable-lora"),
  });
});
