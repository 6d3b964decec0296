import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { loadConfig } from "./config.ts";

const folder = mkdtempSync(join(tmpdir(), "config-schema-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("in the place of a list or a map, the keys of the list's elements are not those of the map", () => {
  const element = z.strictObject({ path: z.string() });
  const map = z.strictObject({ options: z.strictObject({ markup: z.boolean(), units: z.boolean() }) });
  const schema = z.strictObject({ rewards: z.union([z.array(element), map]) });
  const load = (text: string) => () => {
    writeFileSync(join(folder, "config.yaml"), text);
    return loadConfig(schema, join(folder, "config.yaml"));
  };
  expect(load("rewards: { options: { markdown: true } }\n")).toThrow("unknown key; known are markup, units");
  expect(load("rewards: [{ paths: a }]\n")).toThrow('unknown key; did you mean "path"?');
});
