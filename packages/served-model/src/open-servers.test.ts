import { expect, test } from "vitest";
import { prompt, start } from "../test/doubles.ts";
import { isFatalForAll, openServers } from "./open-servers.ts";
import { ServedModelError } from "./served-model-error.ts";
import { ServerOptions } from "./server-options.ts";

const away = "http://127.0.0.1:9/v1";
const optionsOf = (urls: string[], more: object = {}) => ServerOptions.parse({ urls, maxTries: 1, ...more });

test("a server that is away is left out, and the others answer", async () => {
  const double = await start();
  const lines: string[] = [];
  const servers = openServers("double", optionsOf([away, double.url], { concurrency: 3 }), {});
  expect(servers.concurrency).toBe(6);
  const facts = await servers.check((line) => lines.push(line));
  expect(facts.map(({ server }) => server)).toEqual([double.url]);
  expect(lines).toEqual([
    expect.stringMatching(/^Left out until it answers: http:\/\/127\.0\.0\.1:9\/v1: /),
    `double at ${double.url} (double, 4096 tokens at the most)`,
  ]);
});

test("all away, or one with another model, is an error", async () => {
  await expect(openServers("double", optionsOf([away]), {}).check(() => {})).rejects.toMatchObject({
    code: "UNREACHABLE",
  });
  const double = await start();
  const other = openServers("other", optionsOf([double.url, away]), {});
  await expect(other.check(() => {})).rejects.toMatchObject({ code: "SERVER_SETUP" });
});

test("the key is that of the variable", async () => {
  const double = await start({ apiKey: "secret" });
  const options = optionsOf([double.url], { apiKeyVariable: "KEY" });
  const servers = openServers("double", options, { KEY: "secret" });
  expect((await servers.complete(prompt("Why?"))).finishReason).toBe("stop");
  expect(() => openServers("double", options, {})).toThrow("KEY is not set");
});

test.each([
  ["SERVERS_DOWN", undefined, true],
  ["SERVER_SETUP", undefined, true],
  ["REQUEST_REFUSED", 401, true],
  ["REQUEST_REFUSED", 404, true],
  ["REQUEST_REFUSED", 400, false],
  ["SERVER_FAILED", 500, false],
  ["TIMED_OUT", undefined, false],
] as const)("%s %s ends all: %s", (code, status, isFatal) => {
  expect(isFatalForAll(new ServedModelError(code, { problem: "p", hint: "h", status }))).toBe(isFatal);
});
