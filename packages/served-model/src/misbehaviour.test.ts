import { describe, expect, test } from "vitest";
import { clientOf, prompt, start, textsOf } from "../test/doubles.ts";
import { type Misbehaviour, misbehaviours, type ServerDoubleOptions } from "./double/index.ts";

describe("200 requests under every misbehaviour", () => {
  const quick = misbehaviours.filter((kind) => kind !== "hang" && kind !== "stall");
  const kinds = [...misbehaviours, ...quick, ...quick, ...quick]; // those that cost a time limit are rare

  test.each([
    ["at once", false, [0]],
    ["streamed, from two servers", true, [0, 1]],
  ])("%s end once, with the texts of a server that behaves", async (_, stream, seeds) => {
    const well = await start();
    const expected = await textsOf([well]);
    expect(new Set(expected).size).toBe(200);
    expect(well.counts).toEqual({ answered: 200 });
    const misbehave = { kinds, share: 0.6, times: 2 / seeds.length };
    const ill = await Promise.all(seeds.map((seed) => start({ misbehave: { ...misbehave, seed } })));
    const patience = { timeoutSeconds: 2, stallSeconds: 1, maxTries: 10 };
    expect(await textsOf(ill, { concurrency: 16, stream, ...patience })).toEqual(expected);
    const answered = ill.reduce((sum, { counts }) => sum + counts.answered!, 0);
    expect(answered).toBeGreaterThanOrEqual(200); // more if this machine is too busy to answer within the limit
    if (ill.length === 1) expect(Object.keys(ill[0]!.counts).sort()).toEqual(["answered", ...misbehaviours].sort());
  });
});

describe("a failure that stays is told", () => {
  const always = (kind: Misbehaviour): ServerDoubleOptions => ({
    misbehave: { kinds: [kind], share: 1, times: Infinity },
  });
  const limitsFor = (kind: Misbehaviour) => ({ timeoutSeconds: kind === "hang" ? 0.2 : 60, stallSeconds: 0.2 });

  test.each([
    ["rate-limit", "RATE_LIMITED", 4, "too many requests (429): Too many requests"],
    ["fail", "SERVER_FAILED", 3, "the server failed (500): Internal server error"],
    ["unavailable", "SERVER_FAILED", 4, "the server failed (503): Not yet"],
    ["refuse-page", "SERVER_FAILED", 4, "the server failed (502): a page: Bad Gateway"],
    ["hang", "TIMED_OUT", 3, "no whole reply within 0.2 s"],
    ["stall", "TIMED_OUT", 3, "the reply stopped for 0.2 s after"],
    ["cut", "REPLY_BROKEN", 4, "the reply was cut short after"],
    ["close", "UNREACHABLE", 4, "the connection failed (ECONNRESET)"],
    ["page", "REPLY_BROKEN", 4, "the reply is no JSON: a page: Sign in"],
    ["half-json", "REPLY_BROKEN", 4, "the reply is no JSON: {"],
    ["no-choices", "REPLY_BROKEN", 4, "the reply is no chat completion (choices: "],
    ["null-content", "REPLY_BROKEN", 4, "the reply has no text"],
    ["wrong-index", "REPLY_BROKEN", 4, "the reply has the choices [7] where 1 were asked for, from 0"],
    ["abort", "REPLY_BROKEN", 4, "the server ended the completion itself (finish_reason abort)"],
  ] as const)("%s: %s after %i tries", async (kind, code, tries, message) => {
    const ill = await start(always(kind));
    const asked = clientOf([ill], { maxTries: 4, ...limitsFor(kind) }).complete(prompt("Why?"));
    await expect(asked).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`${ill.url}: ${message}`),
      server: ill.url,
      hint: expect.stringMatching(/\w/),
    });
    if (kind !== "hang") expect(ill.counts).toEqual({ [kind]: tries }); // a busy machine may not have seen every try
  });

  test.each([
    ["stall", "TIMED_OUT", "the reply stopped"],
    ["cut", "REPLY_BROKEN", "cut short"],
    ["half-json", "REPLY_BROKEN", "the stream ends early"],
  ] as const)("%s of a stream: %s", async (kind, code, message) => {
    const ill = await start(always(kind));
    const asked = clientOf([ill], { maxTries: 1, stream: true, ...limitsFor(kind) }).complete(prompt("Why?"));
    await expect(asked).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test("an unknown model is refused at once, with what the server said", async () => {
    const double = await start();
    const asked = clientOf([double]).complete(prompt("Why?", { model: "other" }));
    await expect(asked).rejects.toMatchObject({
      code: "REQUEST_REFUSED",
      status: 404,
      message: `${double.url}: the server refuses the request (404): The model \`other\` does not exist.`,
    });
    expect(double.counts).toEqual({ refused: 1 });
  });
});
