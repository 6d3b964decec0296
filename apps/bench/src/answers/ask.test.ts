import type { Prediction } from "@videor1/eval";
import { WorkerError, type WorkerPool } from "@videor1/train";
import { beforeEach, expect, test, vi } from "vitest";
import { poolEngine } from "../engines/local-engine.ts";
import type { BenchCalls } from "../engines/protocol.ts";
import type { QuestionMedia } from "../engines/question-media.ts";
import type { Outcome, Question } from "../questions/question.ts";
import { askAll } from "./ask.ts";

const questions = Array.from({ length: 10 }, (_, problemId): Question => {
  const solution = "<answer>A</answer>";
  const rest = { options: ["A. yes"], path: "./v.mp4", dataSource: "test", solution, turns: [] };
  return { problemId, problem: "?", problemType: "multiple choice", dataType: "video", ...rest };
});

/** A pool whose workers answer with `outcome` of each question; it records the questions of each worker. */
function poolOf(size: number, outcome: (problemId: number, asked: number) => Outcome, missing?: number) {
  const asked: { worker: number; ids: number[] }[] = [];
  const order: string[] = [];
  const callWith = async (worker: number, _: string, make: () => Promise<{ request: object }>) => {
    const { questions } = (await make()).request as BenchCalls["answer"]["request"];
    const ids = questions.map(({ id }) => Number(id));
    asked.push({ worker, ids });
    order.push(`ask ${ids}`);
    return { outcomes: ids.map((id) => outcome(id, ids.length)) };
  };
  const media: QuestionMedia = {
    async show({ problemId }, { frames, mediaRoot }) {
      order.push(`show ${problemId}`);
      expect([frames, mediaRoot]).toEqual(["shuffled", "media"]);
      if (problemId === missing) throw Object.assign(new Error("no file"), { code: "MEDIA_NOT_FOUND" });
      return { id: problemId, turns: [], clips: [] };
    },
    close: async () => {},
  };
  const pool = { size, callWith } as unknown as WorkerPool<BenchCalls>;
  return { asked, order, opened: { pool, media } };
}

const stored: Prediction[] = [];
const store = { stored: [], append: async (prediction: Prediction) => void stored.push(prediction) };
async function ask({ opened }: ReturnType<typeof poolOf>, signal = new AbortController().signal) {
  const engine = poolEngine(async () => opened, { workers: opened.pool.size, batchSize: 3 });
  await engine.open();
  return await askAll({ engine, name: "test", questions, frames: "shuffled", mediaRoot: "media", store, signal });
}
beforeEach(() => {
  stored.length = 0;
  vi.spyOn(process.stderr, "write").mockReturnValue(true); // progress
});

test("each call holds batchSize questions, the same ones however many workers there are", async () => {
  const batches = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]];
  for (const size of [1, 2, 3]) {
    const pool = poolOf(size, (id) => ({ output: `answer ${id}` }));
    const predictions = await ask(pool);
    const { asked } = pool;
    expect(asked.map(({ ids }) => ids)).toEqual(batches);
    expect(asked.every(({ worker }) => worker < size)).toBe(true);
    expect(predictions.map((prediction) => "output" in prediction && prediction.output)).toEqual(
      questions.map(({ problemId }) => `answer ${problemId}`),
    );
  }
});

test("the questions of the next call are shown while those of one are answered, each once", async () => {
  const { order, opened } = poolOf(1, () => ({ output: "A" }));
  await ask({ order, opened, asked: [] });
  const shown = (...ids: number[]) => ids.map((id) => `show ${id}`);
  expect(order).toEqual([
    ...shown(0, 1, 2),
    ...shown(3, 4, 5),
    "ask 0,1,2",
    ...shown(6, 7, 8),
    "ask 3,4,5",
    ...shown(9),
    "ask 6,7,8",
    "ask 9",
  ]);
});

test("a question that cannot be asked fails alone, with its reason", async () => {
  const pool = poolOf(2, () => ({ output: "A" }), 4);
  const predictions = await ask(pool);
  expect(predictions.filter(({ status }) => status === "failed")).toMatchObject([
    { problemId: 4, reason: "Error: no file", code: "MEDIA_NOT_FOUND" },
  ]);
  expect(pool.asked.flatMap(({ ids }) => ids)).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9]);
});

test("what a batch is too big for is asked again one by one", async () => {
  const pool = poolOf(1, (_, count) => {
    if (count > 1) throw new RangeError("too much at once");
    return { output: "A" };
  });
  expect((await ask(pool)).every(({ status }) => status === "answered")).toBe(true);
  expect(pool.asked.filter(({ ids }) => ids.length === 1)).toHaveLength(10);
});

test("a worker that died ends the evaluation; its questions are not failed, but open", async () => {
  const death = new WorkerError({ name: "WorkerError", code: "WORKER_DIED", message: "gone" });
  const pool = poolOf(1, (id) => {
    if (id === 3) throw death;
    return { output: "A" };
  });
  await expect(ask(pool)).rejects.toBe(death);
  expect(stored.map(({ problemId }) => problemId)).toEqual([0, 1, 2]);
});

test("the user's signal stops it between batches", async () => {
  const abort = new AbortController();
  const reason = new DOMException("Stopped", "AbortError");
  const pool = poolOf(1, (id) => {
    if (id === 3) abort.abort(reason);
    return { output: "A" };
  });
  await expect(ask(pool, abort.signal)).rejects.toBe(reason);
  expect(stored).toHaveLength(6);
});
