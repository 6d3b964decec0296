import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkDialect } from "./check-dialect.ts";
import { checkServer } from "./check-server.ts";

let owner: string;
const server = createServer((_, response) => {
  response.end(JSON.stringify({ object: "list", data: [{ id: "tiny", object: "model", owned_by: owner }] }));
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

const refused = {
  code: "SERVER_SETUP",
  message: expect.stringContaining("an SGLang"),
  hint: expect.stringContaining("vLLM"),
};

test("an SGLang is refused with the reason; a vLLM, and who does not say, is not", async () => {
  owner = "sglang";
  await expect(checkDialect({ url })).rejects.toMatchObject(refused);
  await expect(checkServer({ url, model: "tiny" })).rejects.toMatchObject(refused);
  for (owner of ["vllm", ""]) await checkDialect({ url });
});
