import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ChatRequest } from "@videor1/served-model";
import { expect, test } from "vitest";
import {
  answer,
  folder,
  linesOf,
  mediaRoot,
  recordOf,
  settings,
  smallFrames,
  startDouble,
  videoOf,
  writeRecords,
} from "../../test/annotate-data.ts";
import { resultOf } from "../../test/verb-result.ts";
import { command as annotate } from "./command.ts";
import type { EmittedBatch } from "./emit-batch.ts";
import type { Annotated } from "./write-annotated.ts";

test("a batch's answers leave the bytes of those that were asked for at once", async () => {
  const records = writeRecords("batch-in.jsonl", [recordOf(1), videoOf(2), recordOf(3, { path: "./none.png" })]);
  const asked = join(folder, "asked.jsonl");
  await resultOf<Annotated>(annotate, [...settings(records, asked, await startDouble()), "n=2", "keep=all"]);

  const output = join(folder, "batched.jsonl");
  const [requests, answers] = [join(folder, "requests.jsonl"), join(folder, "answers.jsonl")];
  const base = [records, `output=${output}`, "model=double", `mediaRoot=${mediaRoot}`, ...smallFrames, "n=2"];
  const emitted = await resultOf<EmittedBatch>(annotate, [...base, `emitBatch=${requests}`]);
  expect(emitted.result).toMatchObject({ requests: 2, failed: 1 });
  const bytes = readFileSync(requests);
  await resultOf(annotate, [...base, `emitBatch=${requests}`]);
  expect(readFileSync(requests)).toEqual(bytes);
  for (const taken of [records, `${output}.journal`])
    expect((await resultOf(annotate, [...base, `emitBatch=${taken}`])).errors).toContain("is no batch file");
  const split = await resultOf<EmittedBatch>(annotate, [...base, `emitBatch=${requests}`, "batchRequests=1"]);
  const parts = [1, 2].map((number) => requests.replace(".jsonl", `-${number}.jsonl`));
  expect(split.result).toMatchObject({ batches: parts, requests: 2 });
  expect(Buffer.concat(parts.map((part) => readFileSync(part)))).toEqual(bytes);
  const replies = linesOf<{ custom_id: string; body: ChatRequest }>(requests).map(({ custom_id, body }) => {
    const choices = [0, 1].map((index) => ({
      index,
      message: { content: answer(body, index) },
      finish_reason: "stop",
      token_ids: answer(body, index)
        .match(/\S+\s*/g)!
        .map(() => 1),
    }));
    return { custom_id, response: { status_code: 200, body: { choices } } };
  });
  writeFileSync(
    answers,
    `${replies
      .toReversed()
      .map((reply) => JSON.stringify(reply))
      .join("\n")}\n`,
  );
  const read = await resultOf<Annotated>(annotate, [...base, `readBatch=${answers}`, "keep=all"]);
  expect(read.result).toMatchObject({ annotated: 2, failed: 1, failures: { MEDIA_MISSING: 1 } });
  expect(readFileSync(output)).toEqual(readFileSync(asked));
  expect((await resultOf<Annotated>(annotate, [...base, `readBatch=${answers}`])).errors).toContain("0 answers taken");

  const [, ...rest] = [...base, `readBatch=${answers}`];
  const whole = readFileSync(output);
  const other = writeRecords("batch-other.jsonl", [recordOf(1)]);
  for (const [file, said] of [
    [other, "was begun with other settings: records"],
    [`${output}.failed.jsonl`, "is read, and would be written over"],
  ] as const)
    expect((await resultOf(annotate, [file, ...rest])).errors).toContain(said);
  expect(readFileSync(output)).toEqual(whole);

  const others = await resultOf<Annotated>(annotate, [
    ...base,
    `output=${join(folder, "o.jsonl")}`,
    `readBatch=${answers}`,
    "seed=1",
  ]);
  expect([others.code, others.errors.split("\n")[0]]).toEqual([
    1,
    `${answers}: none of its answers is one to these records and settings`,
  ]);
});
