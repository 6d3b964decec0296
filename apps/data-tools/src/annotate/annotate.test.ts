import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readExamples } from "@videor1/data";
import { misbehaviours, textOf } from "@videor1/served-model/double";
import { expect, test } from "vitest";
import {
  answer,
  folder,
  linesOf,
  recordOf,
  settings,
  startDouble,
  videoOf,
  writeRecords,
} from "../../test/annotate-data.ts";
import { resultOf } from "../../test/verb-result.ts";
import type { Failure } from "./answers.ts";
import { command as annotate } from "./command.ts";
import type { Annotated } from "./write-annotated.ts";

const total = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((sum, n) => sum + n, 0);
/** Requests of a question; one more asks whether the server takes clips, two whether it keeps frames. */
const probes = 2;

test("every record ends once: annotated in its order, or failed with its code", async () => {
  const records = writeRecords("mixed.jsonl", [
    ...Array.from({ length: 6 }, (_, i) => recordOf(i, { own: { kept: i } })),
    recordOf("7", { path: "./nowhere.png" }),
    recordOf(8, { path: "../../package.json" }),
    recordOf(9, { solution: "no tags" }),
    recordOf(3, { problem: "the same id again?" }),
    videoOf(10),
    recordOf(11, { path: "./images" }),
    recordOf(12, { problem: "A token of the chat<|im_end|>?" }),
  ]);
  const double = await startDouble();
  const output = join(folder, "mixed.json");
  const { code, result } = await resultOf<Annotated>(annotate, [
    ...settings(records, output, double),
    "price.completion=2e5",
  ]);
  expect(code).toBe(0);
  expect(result).toMatchObject({ read: 13, annotated: 7, failed: 6, written: 7 });
  expect(result.failures).toMatchObject({ MEDIA_MISSING: 3, RECORD_INVALID: 1, ID_TWICE: 1, SPECIAL_TOKEN: 1 });
  expect(total(result.failures)).toBe(result.failed);
  const written = JSON.parse(readFileSync(output, "utf8"));
  expect(written.map((record: { problem_id: number }) => record.problem_id)).toEqual([0, 1, 2, 3, 4, 5, 10]);
  for (const record of written) {
    const [thought, said] = /^<think>.*<\/think>/.exec(record.output) ?? [];
    expect(said).toBeUndefined();
    expect(record.process).toBe(thought);
    expect(record.select).toBe(record.solution === `<answer>${record.answer}</answer>`);
    expect(record.reward).toBe(record.select ? 1 : 0);
  }
  expect(written[2].own).toEqual({ kept: 2 });
  expect((await readExamples(output)).length).toBe(7);
  expect(result.usage.requests).toBe(7);
  expect(result.cost).toBe((result.usage.completionTokens * 2e5) / 1e6);
  expect(linesOf<{ failed: Failure }>(result.failedFile!).map(({ failed }) => failed.code)).toEqual([
    "MEDIA_MISSING",
    "MEDIA_MISSING",
    "RECORD_INVALID",
    "ID_TWICE",
    "MEDIA_MISSING",
    "SPECIAL_TOKEN",
  ]);
  expect(double.counts.answered).toBe(7 + probes);
});

test("what is answered is not asked again; failures are on request, and questions that have changed", async () => {
  const output = join(folder, "again.jsonl");
  const all = [recordOf(1), recordOf(2, { path: "./later.png" }), recordOf(3)];
  const records = writeRecords("again-in.jsonl", all);
  const double = await startDouble();
  const run = async (...more: string[]) => {
    const before = double.counts.answered ?? 0;
    const { result } = await resultOf<Annotated>(annotate, [...settings(records, output, double), ...more]);
    return { ...result, asked: (double.counts.answered ?? 0) - before };
  };
  expect(await run()).toMatchObject({ annotated: 2, asked: 2 + probes });
  const bytes = readFileSync(output);
  expect(await run()).toMatchObject({ annotated: 2, failed: 1, asked: 0 });
  expect(readFileSync(output)).toEqual(bytes);
  const mended = { ...all[1]!, path: "./images/l_60x90.png" };
  writeRecords("again-in.jsonl", [{ ...all[0]!, solution: "<answer>D</answer>" }, mended, all[2]!]);
  expect(await run()).toMatchObject({ annotated: 3, failed: 0, asked: 1 + probes });
  expect(existsSync(`${output}.failed.jsonl`)).toBe(false);
  writeRecords("again-in.jsonl", [{ ...all[0]!, problem: "Another question?" }, mended, all[2]!]);
  expect(await run()).toMatchObject({ annotated: 3, asked: 1 + probes });

  writeRecords("again-in.jsonl", [{ ...all[0]!, path: "./images/nothing.png" }]);
  expect(await run()).toMatchObject({ annotated: 0, failed: 1 });
  expect(await run("retryFailed=true")).toMatchObject({ annotated: 0, failed: 1 });
});

test("samples that are added later are those that would have come at once, in requests of any size", async () => {
  const records = writeRecords("samples-in.jsonl", [recordOf(1), recordOf(2), videoOf(3)]);
  const double = await startDouble();
  const run = async (name: string, ...more: string[]) => {
    const output = join(folder, name);
    const { result } = await resultOf<Annotated>(annotate, [...settings(records, output, double), "keep=all", ...more]);
    return { ...result, bytes: readFileSync(output, "utf8") };
  };
  const atOnce = await run("samples-1.jsonl", "n=4");
  expect(atOnce.usage.requests).toBe(3);
  await run("samples-2.jsonl", "n=1");
  const grown = await run("samples-2.jsonl", "n=4");
  expect(grown.usage.requests).toBe(6);
  const single = await run("samples-3.jsonl", "n=4", "samplesPerRequest=1");
  expect(single.usage.requests).toBe(12);
  expect(grown.bytes).toBe(atOnce.bytes);
  expect(single.bytes).toBe(atOnce.bytes);
  const ids = linesOf(join(folder, "samples-1.jsonl")).map(({ problem_id }) => problem_id);
  expect(ids).toEqual([1, 2, 3].flatMap((id) => [0, 1, 2, 3].map((k) => `${id}/${k}`)));
  const fewer = await run("samples-3.jsonl", "n=2");
  expect(fewer.written).toBe(6);
  const best = await run("samples-1.jsonl", "n=4", "keep=best");
  expect(best.meanReward!).toBeGreaterThanOrEqual((await run("samples-1.jsonl", "n=4", "keep=first")).meanReward!);
  expect(best.usage.requests).toBe(3);
  const openai = await startDouble({ trustsKwargs: false });
  const [more, asked] = [["server.dialect=openai", "n=4", "keep=all"], join(folder, "openai.jsonl")];
  const { result } = await resultOf<Annotated>(annotate, [...settings(records, asked, openai), ...more]);
  expect(result.usage.requests).toBe(3);
  const withoutTokens = atOnce.bytes.replaceAll(/,"completion_tokens":\d+/g, ""); // of four choices only vLLM tells them
  expect(readFileSync(asked, "utf8")).toBe(withoutTokens);
});

test("servers that fail in every way leave the bytes of one that does not", async () => {
  const records = writeRecords(
    "ill-in.jsonl",
    Array.from({ length: 60 }, (_, i) => recordOf(i)),
  );
  const run = async (name: string, doubles: Awaited<ReturnType<typeof startDouble>>[], ...more: string[]) => {
    const output = join(folder, name);
    const { code, result } = await resultOf<Annotated>(annotate, [...settings(records, output, doubles), ...more]);
    expect([code, result.annotated, result.failed]).toEqual([0, 60, 0]);
    return readFileSync(output, "utf8");
  };
  const well = await run("well.jsonl", [await startDouble()]);
  const kinds = misbehaviours.filter((kind) => kind !== "hang" && kind !== "stall");
  const ill = [0, 1].map((seed) => startDouble({ misbehave: { kinds, share: 0.3, times: 1, seed } }));
  const doubles = await Promise.all(ill);
  expect(await run("ill.jsonl", doubles, "server.maxTries=8", "server.concurrency=16")).toBe(well);
  const failures = doubles.map(({ counts: { answered: _, ...others } }) => total(others));
  expect(failures[0]! + failures[1]!).toBeGreaterThan(5);
  expect(Math.max(...doubles.map(({ inFlight }) => inFlight.most))).toBeLessThanOrEqual(32);
});

test("a record that the server cannot answer fails alone; an unknown model ends the run, and no record has failed", async () => {
  const records = writeRecords("refused-in.jsonl", [recordOf(1), recordOf(2), recordOf(3)]);
  const output = join(folder, "refused.jsonl");
  const double = await startDouble({
    answer(request, index) {
      if (textOf(request).includes("picture 2")) throw new Error("the engine says no");
      return answer(request, index);
    },
  });
  const other = await resultOf<Annotated>(annotate, [...settings(records, output, double), "model=other"]);
  expect([other.code, other.result]).toEqual([1, {}]);
  expect(other.errors).toContain('the server has no model "other"; it has double');
  expect(existsSync(`${output}.journal`)).toBe(false);
  const run = await resultOf<Annotated>(annotate, [...settings(records, output, double), "server.maxTries=1"]);
  expect(run.result).toMatchObject({ annotated: 2, failures: { SERVER_FAILED: 1 } });
  expect(linesOf<{ failed: Failure }>(run.result.failedFile!)[0]!.failed.reason).toContain("the engine says no");
});

test("a completion that begins inside its thinking has it, on request", async () => {
  const records = writeRecords("opened-in.jsonl", [recordOf(1)]);
  const output = join(folder, "opened.jsonl");
  const double = await startDouble({ answer: () => "Hmm, B.</think>\n<answer>B</answer>" });
  const run = () => resultOf<Annotated>(annotate, settings(records, output, double));
  expect((await run()).result).toMatchObject({ thinking: 0, selected: 1 });
  await resultOf(annotate, [...settings(records, output, double), "thinkingOpened=true"]);
  expect(linesOf(output)[0]).toMatchObject({
    process: "<think>Hmm, B.</think>",
    output: "<think>Hmm, B.</think>\n<answer>B</answer>",
  });
  expect(double.counts.answered).toBe(1 + probes);
});

test("other settings and outputs of others are refused with what to do", async () => {
  const records = writeRecords("settings-in.jsonl", [recordOf(1)]);
  const double = await startDouble();
  const output = join(folder, "settings.jsonl");
  const run = (...more: string[]) => resultOf<Annotated>(annotate, [...settings(records, output, double), ...more]);
  await run();
  expect((await run("media.decoder.threads=2", "server.concurrency=2", "decodeAhead=1")).code).toBe(0);
  expect((await run("generation.temperature=0.5")).errors).toContain("was begun with other settings: generation");
  rmSync(`${output}.journal`);
  appendFileSync(output, "\n");
  expect((await run()).errors).toContain("is there already");
  expect((await run("overwrite=true")).code).toBe(0);
  expect((await run(`output=${records}`, "overwrite=true")).errors).toContain("is read, and would be written over");
  expect((await run(`mediaRoot=${records}`)).errors).toContain("settings-in.jsonl is no folder");
  expect((await run("output=a.txt")).errors).toContain("must end in .jsonl, .ndjson, .json or .parquet");
  expect((await run("generation.doSample=false", "n=2")).errors).toContain("greedy samples are all equal");
});
