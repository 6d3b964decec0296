import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recorded } from "../test/recorded.ts";
import { checkCompletionLogps, completionLogps } from "./completion-logps.ts";
import type { ServedModelError } from "./served-model-error.ts";

const [render, score] = [recorded("scale-out-render"), recorded("scale-out-score")];

/** The recorded vLLM: as it answered, or as one without --enable-scale-out. */
let isScaleOut = true;
const asked: { path: string; body: Record<string, unknown> }[] = [];
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const path = request.url!;
  const body = JSON.parse(Buffer.concat(chunks).toString());
  asked.push({ path, body });
  const answer = [render, score].find((one) => one.request.path === path);
  if (!answer) response.writeHead(404).end(JSON.stringify({ detail: "Not Found" }));
  else if (!isScaleOut) response.writeHead(403).end(JSON.stringify({ error: { message: "Forbidden" } }));
  else if (path.endsWith("generate") && !body.token_ids) response.writeHead(400).end("{}");
  else response.writeHead(200).end(JSON.stringify(answer.response.body));
});
let url: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const promptIds: number[] = render.response.body.token_ids;
const scoredIds = score.request.body.token_ids as number[];
const completion = scoredIds.slice(promptIds.length);

test("a completion's tokens are scored behind the rendered prompt, as vLLM was asked", async () => {
  const [logps] = await completionLogps({ url }, render.request.body, [completion]);
  const given = score.response.body.prompt_logprobs.slice(promptIds.length);
  const expected = completion.map((id, t) => Math.fround(given[t][id].logprob));
  expect([...logps!]).toEqual(expected);
  expect(completion.length).toBe(6);
  const [, generated] = asked;
  expect(generated!.path).toBe(score.request.path);
  const { seed: _, ...sampling } = score.request.body.sampling_params as Record<string, unknown>;
  expect(generated!.body).toMatchObject({
    ...score.request.body,
    features: expect.anything(),
    sampling_params: sampling,
  });
});

test("tokens that were not scored are no answer", async () => {
  const others = completion.map((id) => id + 1);
  const error = await completionLogps({ url }, render.request.body, [others]).catch((error: ServedModelError) => error);
  expect(error).toMatchObject({ code: "REPLY_BROKEN" });
});

test("a server that scores no token ids is found before a run begins, with what it lacks", async () => {
  await checkCompletionLogps({ url });
  isScaleOut = false;
  const lacking = { code: "SERVER_SETUP", hint: "Start vLLM with --enable-scale-out." };
  await expect(checkCompletionLogps({ url })).rejects.toMatchObject(lacking);
  await expect(completionLogps({ url }, render.request.body, [completion])).rejects.toMatchObject(lacking);
  await expect(checkCompletionLogps({ url: url.replace("/v1", "/elsewhere/v1") })).rejects.toMatchObject(lacking);
});
