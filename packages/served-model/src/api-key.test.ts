import { expect, test } from "vitest";
import { readApiKey } from "./api-key.ts";

test("the key is the variable's value, without the spaces around it", () => {
  expect(readApiKey("MY_KEY", { MY_KEY: " sk-1\n" })).toBe("sk-1");
});

test.each([
  [{}, "MY_KEY is not set"],
  [{ MY_KEY: "  " }, "MY_KEY is not set"],
  [{ MY_KEY: "sk-1\nsk-2" }, "MY_KEY holds other characters"],
  [{ MY_KEY: "clé" }, "MY_KEY holds other characters"],
])("%o is refused, without its value", (environment, message) => {
  expect(() => readApiKey("MY_KEY", environment)).toThrow(expect.objectContaining({ code: "OPTIONS" }));
  expect(() => readApiKey("MY_KEY", environment)).toThrow(message);
  expect(() => readApiKey("MY_KEY", environment)).not.toThrow(/sk-|clé/);
});
