import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { start } from "../test/doubles.ts";
import { recorded } from "../test/recorded.ts";
import { chatRequest } from "./chat-request.ts";
import { checkServer } from "./check-server.ts";
import type { ServedClip } from "./media-parts.ts";

const model = "double";
const clip: ServedClip = {
  kind: "video",
  rgb: new Uint8Array(4 * 2352),
  frames: 4,
  height: 28,
  width: 28,
  resized: true,
};
const messages = [{ role: "user", content: [{ type: "video" }, { type: "text", text: "What is this?" }] }] as const;
const request = () => chatRequest({ messages, clips: [clip], sampling: { maxCompletionLength: 8 } });

describe("a server that is set up well", () => {
  test.each([["video"], ["frames"]] as const)("takes videoAs=%s", async (videoAs) => {
    const { url } = await start();
    const facts = { server: url, model, root: model, maxModelLen: 4096 };
    expect(await checkServer({ url, model, videoAs })).toEqual(facts);
  });

  test("that is no vLLM is asked for nothing that others refuse", async () => {
    const { url } = await start({ trustsKwargs: false, apiKey: "sk-1" });
    expect(await checkServer({ url, model, dialect: "openai", apiKey: "sk-1" })).toMatchObject({ server: url });
  });

  test("makes the prompt that is expected", async () => {
    const { url } = await start();
    const post = { method: "POST", body: JSON.stringify(await request()) };
    const reply = await fetch(new URL("/tokenize", url), post);
    const { tokens: found } = (await reply.json()) as { tokens: number[] };
    expect(found).toEqual([151656, 151656, ...Array(3).fill(expect.any(Number))]);
    await checkServer({ url, model, prompt: { request: await request(), ids: Int32Array.from(found) } });
    for (const [other, message] of [
      [found.with(3, 7), `5 tokens, not 5; at 3 it has ${found[3]}, not 7`],
      [found.slice(0, 4), `5 tokens, not 4; at 4 it has ${found[4]}, not none`],
      [[...found, 7], "5 tokens, not 6; at 5 it has none, not 7"],
    ] as const) {
      const checked = checkServer({ url, model, prompt: { request: await request(), ids: other } });
      await expect(checked).rejects.toMatchObject({ code: "SERVER_SETUP", message: expect.stringContaining(message) });
    }
  });
});

describe("a server that is not is told what it lacks", () => {
  test("settings of frames", async () => {
    const { url } = await start({ trustsKwargs: false });
    await expect(checkServer({ url, model })).rejects.toMatchObject({
      code: "SERVER_SETUP",
      message: `${url}: vLLM takes no settings of frames from requests, so it would sample and resize them itself`,
      hint: "Start it with --trust-request-mm-kwargs.",
    });
  });

  test("frames beyond its limit", async () => {
    const { url } = await start({ maxFrames: 32 });
    await expect(checkServer({ url, model })).rejects.toMatchObject({
      code: "SERVER_SETUP",
      message: expect.stringContaining("36 frames make 60 tokens more than 2, not 68"),
    });
    expect(await checkServer({ url, model, videoAs: "frames" })).toMatchObject({ server: url });
  });

  test("the model", async () => {
    const { url } = await start();
    await expect(checkServer({ url, model: "policy" })).rejects.toMatchObject({
      code: "SERVER_SETUP",
      message: `${url}: the server has no model "policy"; it has double`,
    });
  });

  test("the key", async () => {
    const { url } = await start({ apiKey: "sk-secret" });
    await expect(checkServer({ url, model, apiKey: "sk-wrong" })).rejects.toMatchObject({ status: 401 });
  });

  test("everything", async () => {
    const double = await start();
    await double.stop();
    await expect(checkServer({ url: double.url, model })).rejects.toMatchObject({ code: "UNREACHABLE" });
  });
});

/** A server that answers each path with the recorded replies of a real vLLM, in turn. */
async function replaying(replies: Record<string, { status: number; body: unknown }[]>) {
  const server = createServer((incoming, response) => {
    incoming.resume().on("end", () => {
      const { status, body } = replies[incoming.url!]!.shift()!;
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return { url, stop: () => server.close() };
}

test.each([
  ["error-mm-kwargs-untrusted", "Start it with --trust-request-mm-kwargs."],
  ["error-media-io-untrusted", "Start it with --trust-request-mm-kwargs."],
  ["error-too-many-videos", "Start vLLM with --limit-mm-per-prompt"],
])("a real vLLM that answers %s: %s", async (name, hint) => {
  const { url, stop } = await replaying({
    "/v1/models": [recorded("models").response],
    "/v1/chat/completions": [recorded(name).response],
  });
  const checked = checkServer({ url, model: "tiny" });
  await expect(checked).rejects.toMatchObject({ code: "SERVER_SETUP", hint: expect.stringContaining(hint) });
  stop();
});

test("a real vLLM's prompt is compared token by token", async () => {
  const { body } = recorded("tokenize-chat").response;
  const replyTo = (ids: number[]) => {
    const { status, body: reply } = recorded("chat-36-frames").response;
    return { status, body: { ...reply, prompt_token_ids: ids } };
  };
  const [few, many] = [replyTo([1]), replyTo([1, ...Array(68).fill(7)])];
  const replies = () => ({
    "/v1/models": [recorded("models").response],
    "/v1/chat/completions": [few, many],
    "/tokenize": [recorded("tokenize-chat").response],
  });
  const right = await replaying(replies());
  await checkServer({ url: right.url, model: "tiny", prompt: { request: await request(), ids: body.tokens } });
  const wrong = await replaying(replies());
  const checked = checkServer({
    url: wrong.url,
    model: "tiny",
    prompt: { request: await request(), ids: body.tokens.with(3, 6) },
  });
  await expect(checked).rejects.toThrow("at 3 it has 7, not 6");
  right.stop();
  wrong.stop();
});
