import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { loadConfig } from "./config.ts";

const folder = mkdtempSync(join(tmpdir(), "alias-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each<[string, string, string[]]>([
  ["the file", "model: &a [*a]\n", []],
  ["an override", "model: m\n", ["model=&a [*a]"]],
])("an alias inside its own anchor in %s is refused", (_, text, overrides) => {
  const file = join(folder, "config.yaml");
  writeFileSync(file, text);
  const load = () => loadConfig(z.strictObject({ model: z.unknown() }), file, overrides);
  expect(load).toThrow("an alias stands inside its own anchor");
});
