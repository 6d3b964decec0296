/** The programs of examples/ print what their first comment says, and READMEs show their code. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageOf, sourcesOf } from "./architecture/workspaces.ts";
import { root, runCli } from "./run-cli.ts";

const programs = readdirSync(join(root, "examples")).filter((name) => /^\d+-.*\.ts$/.test(name));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** The README whose first code is from the program. */
const shownIn: readonly [readme: string, program: string][] = [
  ["README.md", "01-grade-an-answer.ts"],
  ["packages/rewards/README.md", "01-grade-an-answer.ts"],
  ["packages/tgrpo/README.md", "02-weigh-a-group.ts"],
  ["packages/data/README.md", "03-frames-of-a-video.ts"],
  ["packages/eval/README.md", "04-score-predictions.ts"],
  ["packages/train/README.md", "05-tiny-rl-on-cpu.ts"],
];

/** The comment on top, the code below it, and the output that the comment promises. */
function partsOf(program: string): { command: string; printed: string; code: string } {
  const [comment = "", code = ""] = read(`examples/${program}`).split("\n */\n");
  const quoted = comment.split("\n").flatMap((line) => (/^ \*( {5}|$)/.test(line) ? [line.slice(7)] : []));
  const [command = "", ...printed] = quoted.join("\n").trim().split("\n");
  return { command, printed: printed.join("\n").trim(), code };
}

const run = async (program: string): Promise<string> => {
  const { code, stdout, stderr } = await runCli("example", [`${Number.parseInt(program, 10)}`]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return stdout.trim();
};

describe.each(programs)("%s", (program) => {
  const { command, printed, code } = partsOf(program);

  test("is short, and its comment names its command", () => {
    expect(command).toBe(`npm run example -- ${Number.parseInt(program, 10)}`);
    expect(code.trim().split("\n").length).toBeLessThanOrEqual(60);
  });

  test("prints what its first comment says", async () => {
    expect(await run(program)).toBe(printed);
  });
});

test("the tiny RL run learns from its reward, and by the order of the frames", () => {
  const lines = partsOf("05-tiny-rl-on-cpu.ts").printed.split("\n");
  const numbers = lines.map((line) => /reward (\S+), p (\S+), p~ (\S+)/.exec(line)!.slice(1).map(Number));
  const [first, last] = [numbers[0]!, numbers.at(-1)!];
  expect(last[0]! - first[0]!).toBeGreaterThan(1);
  expect(last[1]! - last[2]!).toBeGreaterThan(0.9);
});

test.each(shownIn)("the first code of %s is of %s", (readme, program) => {
  const [, shown = ""] = /^```ts\n(.*?)^```$/ms.exec(read(readme)) ?? [];
  const pieces = shown.split(/^\/\/ ….*\n/m).map((piece) => piece.trim());
  expect(pieces[0]).toMatch(/^import /);
  const { code } = partsOf(program);
  let from = 0;
  for (const piece of pieces) {
    expect(code.slice(from)).toContain(piece);
    from = code.indexOf(piece, from) + piece.length;
  }
});

test("each program is shown by a README", () => {
  expect([...new Set(shownIn.map(([, program]) => program))]).toEqual(programs);
});

test("examples import published packages, by their names", () => {
  const imported = sourcesOf("examples").flatMap(({ modules }) => modules.filter((name) => !name.startsWith("node:")));
  const strangers = imported.filter((name) => !/^@(videor1|tensorflow)\//.test(packageOf(name) ?? ""));
  expect(strangers).toEqual([]);
});

test("an example that there is not is named, with those that there are", async () => {
  const { code, stderr } = await runCli("example", ["9"]);
  expect(code).toBe(2);
  expect(stderr).toContain("There is no example 9");
  for (const program of programs) expect(stderr).toContain(program);
});
