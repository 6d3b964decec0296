import { describe, expect, test } from "vitest";
import { refusalOf } from "./refusal.ts";
import { retryAfterSeconds } from "./retry-after.ts";
import { backoffSeconds, retryRule } from "./retry-rule.ts";

const refusal = (status: number, text = "", headers: Record<string, string> = {}) =>
  refusalOf({ status, headers, text }, "http://a/v1", "sk-secret");

describe("a status is worth", () => {
  test.each([
    [400, "REQUEST_REFUSED", 1, false],
    [401, "REQUEST_REFUSED", 1, false],
    [403, "REQUEST_REFUSED", 1, false],
    [404, "REQUEST_REFUSED", 1, false],
    [413, "REQUEST_REFUSED", 1, false],
    [422, "REQUEST_REFUSED", 1, false],
    [308, "REQUEST_REFUSED", 1, false],
    [408, "SERVER_FAILED", 3, true],
    [429, "RATE_LIMITED", 9, false],
    [500, "SERVER_FAILED", 3, true],
    [502, "SERVER_FAILED", 9, true],
    [503, "SERVER_FAILED", 9, true],
    [504, "SERVER_FAILED", 9, true],
  ] as const)("%i: %s, %i of 9 tries, server in doubt: %s", (status, code, maxTries, isServerInDoubt) => {
    const error = refusal(status);
    expect(error).toMatchObject({ code, status });
    expect(retryRule(error, 9)).toEqual({ maxTries, isServerInDoubt });
  });
});

test.each([
  [429, '{"error":{"message":"You exceeded your quota","code":"insufficient_quota"}}', "REQUEST_REFUSED", /quota/],
  [401, "unknown key sk-secret", "REQUEST_REFUSED", /apiKeyVariable/],
  [413, "", "REQUEST_REFUSED", /format=jpeg/],
  [400, "Start the server with --trust-request-mm-kwargs only when", "REQUEST_REFUSED", /--trust-request-mm-kwargs/],
  [400, "This model's maximum context length is 2048 tokens", "REQUEST_REFUSED", /--max-model-len/],
])("%i %s: %s, and what to do", (status, text, code, hint) => {
  const error = refusal(status, text);
  expect(error).toMatchObject({ code, hint: expect.stringMatching(hint) });
  expect(error.message).not.toContain("sk-secret");
});

test("a redirect is named by its host alone", () => {
  const error = refusal(307, "", { location: "https://other.example/v1/chat?token=1" });
  expect(error.message).toBe("http://a/v1: the server redirects to https://other.example (307)");
});

test("waits double up to half a minute, and chance takes up to half of one", () => {
  expect([1, 2, 3, 6, 7, 8, 50].map((failures) => backoffSeconds(failures, () => 0))).toEqual([
    0.5, 1, 2, 16, 30, 30, 30,
  ]);
  expect(backoffSeconds(3, () => 0.999)).toBeCloseTo(1, 2);
});

test.each([
  ["7", 7],
  ["0.5", 0.5],
  ["Mon, 30 Nov 2026 12:00:10 GMT", 10],
  ["Mon, 30 Nov 2026 11:00:00 GMT", 0],
  ["86400", 600],
  ["soon", undefined],
  [undefined, undefined],
])("Retry-After: %s is %s seconds", (header, seconds) => {
  expect(retryAfterSeconds(header, Date.parse("2026-11-30T12:00:00Z"))).toBe(seconds);
});
