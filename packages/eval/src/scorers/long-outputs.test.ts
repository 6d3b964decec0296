import { expect, test } from "vitest";
import { goldenItems } from "../../test/recorded-scores.ts";
import type { BenchmarkItem } from "../item.ts";
import { lmmsEval } from "./lmms-eval/index.ts";
import { official } from "./official/official.ts";
import { safe } from "./safe/safe.ts";
import { vlmevalkit } from "./vlmevalkit/index.ts";

// Each rule reads a text once: one that tried every part of a run from every place in it would take minutes here.
const length = 60_000;
const runs = [" ", "\n", "\n ", ".", "(", "'", "<answer "].map((part) => part.repeat(length / part.length));
const outputs = runs.flatMap((run) => [`A${run}x`, `3${run}x`, `yes${run}x`, `the answer is A${run}x`, `x${run}B`]);

const kinds = (["mathvista", "vsi-bench", "pope", "mmvu"] as const).flatMap((name) => {
  const byType = new Map([...goldenItems(name).values()].map((item) => [item.answerType, item]));
  return [...byType.values()].map((item): [string, BenchmarkItem] => [`${name}, ${item.answerType}`, item]);
});

test.each(kinds)("%s: long outputs are read in linear time", (_, item) => {
  const scorers = [safe, official, lmmsEval, vlmevalkit].flatMap((scorer) => scorer[item.benchmark] ?? []);
  for (const { read } of scorers) for (const output of outputs) expect(read(item, output)).toHaveProperty("score");
});
