import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { verbs } from "../src/verbs.ts";
import { documentedCommands } from "./readme-commands.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const readme = readFileSync(join(root, "apps/data-tools/README.md"), "utf8");
const commands = documentedCommands(readme, "videor1-data").filter(([verb]) => verb !== undefined);
afterEach(() => void vi.restoreAllMocks());

test("the README shows every verb", () => {
  const shown = new Set(commands.map(([verb]) => verb));
  expect(Object.keys(verbs).filter((verb) => !shown.has(verb))).toEqual([]);
});

test.each(commands.map((command) => [command.join(" "), command] as const))("%s", async (_, [verb, ...words]) => {
  if (words.some((word) => word.endsWith(".recipe.yaml"))) return; // an earlier line makes it
  const [lines, errors]: [string[], string[]] = [[], []];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  vi.spyOn(console, "error").mockImplementation((line: string) => void errors.push(line));
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    const inRoot = (word: string) => (existsSync(join(root, word)) && word.endsWith(".yaml") ? join(root, word) : word);
    expect(Object.keys(verbs)).toContain(verb);
    const { command } = await verbs[verb!]!.load();
    await command([...words.map(inRoot), "--dry-run"]);
    expect({ errors, code: process.exitCode ?? 0 }).toEqual({ errors: [], code: 0 });
    expect(lines.length).toBeGreaterThan(0);
  } finally {
    process.exitCode = before;
  }
});
