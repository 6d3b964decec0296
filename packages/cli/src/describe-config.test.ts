import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { describeConfig } from "./describe-config.ts";

const Schema = z.strictObject({
  model: z.string().describe("Folder of the checkpoint"),
  optimizer: z
    .strictObject({
      learningRate: z.number().default(1e-6).describe("Peak of the schedule"),
      betas: z.array(z.number()).default([0.9, 0.999]),
    })
    .prefault({})
    .describe("AdamW"),
  temporal: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("off").describe("No bonus") }),
      z.strictObject({ kind: z.literal("on"), alpha: z.number().describe("Added to a reward\nof 1").default(0.3) }),
    ])
    .default({ kind: "off" }),
});

test("every key stands under its description, inside defaults and branches too", () => {
  const config = Schema.parse({ model: "m", temporal: { kind: "on" } });
  expect(describeConfig(Schema, config)).toBe(
    `# Folder of the checkpoint
model: m
# AdamW
optimizer:
  # Peak of the schedule
  learningRate: 0.000001
  betas:
    - 0.9
    - 0.999
temporal:
  kind: on
  # Added to a reward
  # of 1
  alpha: 0.3`,
  );
});

test("what it prints reads as the same configuration", () => {
  const config = Schema.parse({ model: 'a: "b" # c\nd', temporal: { kind: "on" } });
  expect(parse(describeConfig(Schema, config))).toEqual(config);
});
