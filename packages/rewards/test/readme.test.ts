// The documents hold: the table of DEPARTURES.md, row by row, and the output of README.md's programs.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test, vi } from "vitest";
import * as expressions from "../src/expressions.ts";
import * as rewards from "../src/index.ts";

const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");

const departures = readFileSync(join(import.meta.dirname, "../DEPARTURES.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| reward |") && !line.startsWith("| ---"))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

function reward(measure: string, completion: string, solution: string, rules: rewards.Rules): number {
  if (measure === "format") return rewards.formatReward(completion, { rules });
  if (measure === "mean relative accuracy") {
    return rewards.meanRelativeAccuracy(Number(completion), Number(solution), { rules });
  }
  expect(rewards.problemTypes).toContain(measure);
  return rewards.accuracyReward(completion, solution, measure as rewards.ProblemType, { rules });
}

test("the table is there", () => expect(departures.length).toBeGreaterThanOrEqual(20));

test.each(departures)("%s: %s for %s is %s, ours %s: %s", (measure, completion, solution, original, ours, reason) => {
  const text = (cell: string | undefined) => cell!.replace(/^`|`$/g, "").replaceAll("\\n", "\n");
  expect(reward(measure!, text(completion), text(solution), "video-r1")).toBeCloseTo(Number(original), 8);
  expect(reward(measure!, text(completion), text(solution), "safe")).toBeCloseTo(Number(ours), 8);
  expect(original).not.toBe(ours);
  expect(reason).not.toBe("");
});

const programs = [...readme.matchAll(/^( *)```ts\n([\s\S]*?)^ *```/gm)].map((match) => match[2]!);

test.each(programs.map((program) => [program]))("prints what its comments say: %s", (program) => {
  const modules: Record<string, unknown> = { "@videor1/rewards": rewards, "@videor1/rewards/expressions": expressions };
  const { outputText } = ts.transpileModule(program, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  const log = vi.fn();
  new Function("require", "exports", "console", outputText)((name: string) => modules[name], {}, { log });
  const comments = program.split("\n").filter((line) => line.includes("console.log"));
  const printed = log.mock.calls.map((values) => values.join(" "));
  expect(printed).toHaveLength(comments.length);
  for (const [i, line] of comments.entries()) {
    expect(line.split("// ")[1]!.split(":")[0]).toBe(printed[i]);
  }
});

test("there are programs", () => expect(programs).toHaveLength(2));
