/** The first code of README.md prints what its comments say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test, vi } from "vitest";
import * as double from "../src/double/index.ts";
import * as servedModel from "../src/index.ts";

test("the first code of README.md", async () => {
  const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  const [, program = ""] = /^```ts\n(.*?)^```$/ms.exec(readme) ?? [];
  const modules: Record<string, unknown> = {
    "@videor1/served-model": servedModel,
    "@videor1/served-model/double": double,
  };
  const { outputText } = ts.transpileModule(program, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const log = vi.fn();
  const run = new Function("require", "exports", "console", `return (async () => {${outputText}})();`);
  await run((name: string) => modules[name], {}, { log });
  const promised = [...program.matchAll(/console\.log\(.*; \/\/ (.*)$/gm)].map(([, comment]) => comment);
  expect(promised).toHaveLength(2);
  expect(log.mock.calls.map((values) => values.join(" "))).toEqual(promised);
});
