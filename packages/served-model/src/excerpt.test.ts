import { expect, test } from "vitest";
import { recorded } from "../test/recorded.ts";
import { excerpt } from "./excerpt.ts";

test.each([
  ["a vLLM error", '{"error":{"message":"No such model","type":"NotFoundError"}}', "No such model"],
  ["another error", '{"error":"out of memory"}', "out of memory"],
  ["FastAPI's detail", '{"detail":"Not Found"}', "Not Found"],
  ["FastAPI's details", '{"detail":[{"loc":["body"],"msg":"missing"}]}', '[{"loc":["body"],"msg":"missing"}]'],
  ["a page", "<!DOCTYPE html>\n<html><h1>502</h1>\n<p>nginx</p></html>", "a page: 502 nginx"],
  ["text", "upstream\r\nconnect\u001b[31m error\u0000", "upstream connect [31m error"],
  ["a data URL", '{"detail":"cannot read data:video/jpeg;base64,iVBORw0K,iVBO="}', "cannot read data:…"],
  ["bytes without their URL", `bad image ${"iVBORw0K".repeat(40)}`, "bad image …"],
  ["the key", "key sk-secret is unknown", "key [key] is unknown"],
  ["nothing", "", ""],
  ["null", "null", "null"],
])("of %s", (_, reply, expected) => {
  expect(excerpt(reply, "sk-secret")).toBe(expected);
});

test("is short", () => {
  expect(excerpt("word ".repeat(10_000)).length).toBeLessThanOrEqual(301);
  expect(excerpt(JSON.stringify(recorded("error-too-long").response.body))).toMatch(/^This model's maximum context/);
});
