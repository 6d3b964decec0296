import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { loadConfig } from "./config.ts";
import { ConfigError } from "./config-error.ts";

const folder = mkdtempSync(join(tmpdir(), "config-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
function yaml(text: string): string {
  const path = join(folder, `${files++}.yaml`);
  writeFileSync(path, text);
  return path;
}

const Schema = z.strictObject({
  model: z.string(),
  optimizer: z
    .strictObject({
      learningRate: z.number().positive().default(1e-6),
      betas: z.array(z.number()).length(2).default([0.9, 0.999]),
    })
    .prefault({}),
  rollout: z.strictObject({ numGenerations: z.int().min(2).default(8) }).prefault({}),
  temporal: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("off") }),
      z.strictObject({ kind: z.literal("literal"), alpha: z.number().default(0.3) }),
    ])
    .default({ kind: "off" }),
  frames: z.union([z.int(), z.array(z.int())]).default(8),
  reduction: z.enum(["sum", "mean"]).optional(),
  resume: z.string().nullable().default(null),
});

/** Positions and messages of the mistakes, without the file's name. */
function mistakes(text: string, overrides: string[] = []): string[] {
  const path = yaml(text);
  try {
    loadConfig(Schema, path, overrides);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error).toMatchObject({ code: "CONFIG_INVALID", file: path, hint: expect.any(String) });
    for (const { where, message } of error.issues) {
      expect(error.message).toContain(where);
      expect(error.message).toContain(message);
    }
    return error.issues.map(({ where, key, message }) => `${where.replace(`${path}:`, "")} ${key}: ${message}`);
  }
  throw new Error("the configuration was accepted");
}

describe("reads", () => {
  test("a file, completed by the schema's defaults", () => {
    expect(loadConfig(Schema, yaml("model: m\noptimizer: { learningRate: 2e-6 }\n"))).toEqual({
      model: "m",
      optimizer: { learningRate: 2e-6, betas: [0.9, 0.999] },
      rollout: { numGenerations: 8 },
      temporal: { kind: "off" },
      frames: 8,
      resume: null,
    });
  });

  test.each<[string, string[], object]>([
    ["a number", ["optimizer.learningRate=3e-5"], { optimizer: { learningRate: 3e-5, betas: [0.9, 0.999] } }],
    ["a section the file lacks", ["rollout.numGenerations=4"], { rollout: { numGenerations: 4 } }],
    ["a list", ["frames=[4, 8, 16]"], { frames: [4, 8, 16] }],
    ["a list element", ["frames=[4, 8]", "frames.1=16"], { frames: [4, 16] }],
    ["a map", ["temporal={kind: literal, alpha: 1}"], { temporal: { kind: "literal", alpha: 1 } }],
    ["text with an equals sign", ["model=a=b"], { model: "a=b" }],
    ["text that looks like a number, quoted", ['model="7"'], { model: "7" }],
    ["nothing, which is null", ["resume="], { resume: null }],
    ["the later of two", ["model=a", "model=b"], { model: "b" }],
    ["a value over the file's", ["model=b"], { model: "b" }],
  ])("an override with %s", (_, overrides, expected) => {
    expect(loadConfig(Schema, yaml("model: m\n"), overrides)).toMatchObject(expected);
  });

  test("an empty file, where overrides give the rest", () => {
    expect(loadConfig(Schema, yaml("# nothing\n"), ["model=m"]).model).toBe("m");
  });
});

describe("reports", () => {
  test.each<[string, string, string[], string[]]>([
    [
      "an unknown key with the nearest known one",
      "model: m\noptimizer:\n  learningrate: 1\n",
      [],
      ['3:3 optimizer.learningrate: unknown key; did you mean "learningRate"?'],
    ],
    [
      "an unknown key far from all with the known ones",
      "model: m\noptimizer:\n  lr: 1\n",
      [],
      ["3:3 optimizer.lr: unknown key; known are learningRate, betas"],
    ],
    [
      "a key of another section",
      "model: m\nlearningRate: 1\n",
      [],
      ['2:1 learningRate: unknown key here; did you mean "optimizer.learningRate"?'],
    ],
    [
      "a wrong type at its key",
      "model: m\nrollout:\n\n  numGenerations: many\n",
      [],
      ["4:3 rollout.numGenerations: Invalid input: expected number, received string"],
    ],
    [
      "a word that is close to an allowed one",
      "model: m\nreduction: men\n",
      [],
      ['2:1 reduction: Invalid option: expected one of "sum"|"mean"; did you mean "mean"?'],
    ],
    [
      "a list element at its line",
      "model: m\noptimizer:\n  betas:\n    - 0.9\n    - x\n",
      [],
      ["5:7 optimizer.betas.1: Invalid input: expected number, received string"],
    ],
    [
      "a required key that is missing",
      "frames: 4\n",
      [],
      ["1:1 model: Invalid input: expected string, received undefined"],
    ],
    [
      "a key unknown in this branch of a union",
      "model: m\ntemporal: { kind: literal, alhpa: 1 }\n",
      [],
      ['2:28 temporal.alhpa: unknown key; did you mean "alpha"?'],
    ],
    [
      "a key of another branch",
      "model: m\ntemporal: { kind: off, alpha: 1 }\n",
      [],
      ["2:24 temporal.alpha: belongs to another kind than the one given here"],
    ],
    [
      "a branch that does not exist",
      "model: m\ntemporal: { kind: on }\n",
      [],
      ['2:13 temporal.kind: expected one of "off", "literal"'],
    ],
    [
      "a value that no branch takes",
      "model: m\nframes: x\n",
      [],
      [
        "2:1 frames: Invalid input: expected number, received string; or: Invalid input: expected array, received string",
      ],
    ],
    [
      "a mistake inside the branch that fits",
      "model: m\nframes: [4, x]\n",
      [],
      ["2:13 frames.1: Invalid input: expected number, received string"],
    ],
    [
      "a value out of bounds, in an override",
      "model: m\n",
      ["rollout.numGenerations=1"],
      ["rollout.numGenerations=1 rollout.numGenerations: Too small: expected number to be >=2"],
    ],
    [
      "an unknown key of an override",
      "model: m\n",
      ["optimizer.betos=1"],
      ['optimizer.betos=1 optimizer.betos: unknown key; did you mean "betas"?'],
    ],
    [
      "an override without a value",
      "model: m\n",
      ["optimizer.learningRate"],
      ["optimizer.learningRate : an override has the form key.path=value"],
    ],
    [
      "an override with an empty key",
      "model: m\n",
      ["optimizer..x=1"],
      ["optimizer..x=1 : an override has the form key.path=value"],
    ],
    [
      "an override below a plain value",
      "model: m\n",
      ["model.name=x"],
      ["model.name=x : model.name lies under a value that is not a map"],
    ],
    ["a key given twice", "model: m\nmodel: n\n", [], ["2:1 : Map keys must be unique"]],
  ])("%s", (_, text, overrides, expected) => {
    expect(mistakes(text, overrides)).toEqual(expected);
  });

  test("all mistakes at once, in the order of the file, overrides last", () => {
    const text = "frames: x\noptimizer:\n  lr: 1\n  learningRate: -1\n";
    expect(mistakes(text, ["model=7", "nonsense"]).map((line) => line.split(" ")[0])).toEqual([
      "1:1",
      "3:3",
      "4:3",
      "model=7",
      "nonsense",
    ]);
  });

  test("YAML that cannot be parsed, at its line", () => {
    expect(mistakes("model: m\nframes: [1, 2\n")[0]).toMatch(/^[23]:\d+ : Flow sequence/);
    expect(mistakes("model: m\n", ["frames=[1"])[0]).toMatch(/^frames=\[1 : the value is not YAML/);
  });

  test("an alias without its anchor", () => {
    expect(mistakes("model: *m\n")[0]).toMatch(/Unresolved alias .*: m/);
    expect(mistakes("model: m\n", ["frames=*f"])[0]).toMatch(/^frames=\*f : the value is not YAML: Unresolved alias/);
  });

  test("the sum in the message", () => {
    const path = yaml("frames: x\nmodel: 1\n");
    expect(() => loadConfig(Schema, path)).toThrow(`${path}: 2 mistakes\n  ✖ ${path}:1:1 frames: `);
  });

  test("a file that is not there", () => {
    const missing = join(folder, "missing.yaml");
    expect(() => loadConfig(Schema, missing)).toThrow(
      expect.objectContaining({ code: "CONFIG_UNREADABLE", file: missing }),
    );
  });

  test("a document that is not a map", () => {
    expect(mistakes("- 1\n- 2\n")).toEqual(["1:1 : Invalid input: expected object, received array"]);
  });
});

test("a key named __proto__ is only a key", () => {
  expect(mistakes("model: m\n", ["__proto__.polluted=1"])).toHaveLength(1);
  expect({}).not.toHaveProperty("polluted");
});

test("an override that a comment would cut short is refused, and the home directory is put in", () => {
  expect(() => loadConfig(Schema, yaml("model: m\n"), ["model=runs/exp #1"])).toThrow(/"#1" would be left out/);
  expect(loadConfig(Schema, yaml("model: m\n"), ['model="runs/exp #1"']).model).toBe("runs/exp #1");
  expect(loadConfig(Schema, yaml("model: ~/m\n")).model).toBe(join(homedir(), "m"));
});
