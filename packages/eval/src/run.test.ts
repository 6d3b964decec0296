import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { DuplicateProblemError, PredictionMismatchError } from "./errors.ts";
import { type BenchmarkExample, type Prediction, questionOf } from "./prediction.ts";
import { type Answerer, type PredictionStore, type RunProgress, runBenchmark } from "./run.ts";

function examplesUpTo(count: number): BenchmarkExample[] {
  return Array.from({ length: count }, (_, problemId) => ({
    problemId,
    problemType: "multiple choice",
    solution: "<answer>A</answer>",
    dataSource: "source",
    ...(problemId % 2 === 0 && { originalQuestionType: "even" }),
  }));
}

function memoryStore(stored: readonly Prediction[] = []): PredictionStore & { written: Prediction[] } {
  const written: Prediction[] = [];
  return { stored, written, append: async (prediction) => void written.push(prediction) };
}

const echo: Answerer<BenchmarkExample> = async (batch) => batch.map(({ problemId }) => `answer ${problemId}`);

test("every example is asked once, in batches, and the answers keep their order", async () => {
  const answer = vi.fn(echo);
  const predictions = await runBenchmark({ examples: examplesUpTo(5), answer, batchSize: 2 });
  expect(answer.mock.calls.map(([batch]) => batch.map(({ problemId }) => problemId))).toEqual([[0, 1], [2, 3], [4]]);
  expect(predictions.map((p) => p.status === "answered" && p.output)).toEqual(
    [0, 1, 2, 3, 4].map((id) => `answer ${id}`),
  );
  expect(predictions.map(({ task }) => task)).toEqual(["even", "source", "even", "source", "even"]);
});

test("an example that makes its batch fail fails alone", async () => {
  const answer: Answerer<BenchmarkExample> = async (batch) => {
    if (batch.some(({ problemId }) => problemId === 1)) throw new TypeError("no such clip");
    return batch.map(() => "ok");
  };
  const predictions = await runBenchmark({ examples: examplesUpTo(4), answer, batchSize: 4 });
  expect(predictions.map(({ status }) => status)).toEqual(["answered", "failed", "answered", "answered"]);
  expect(predictions[1]).toMatchObject({ status: "failed", reason: "TypeError: no such clip" });
});

test("an Error in an example's place fails it without asking the others again", async () => {
  const answer = vi.fn<Answerer<BenchmarkExample>>(async (batch) =>
    batch.map(({ problemId }) => (problemId === 0 ? new Error("unreadable") : "ok")),
  );
  const predictions = await runBenchmark({ examples: examplesUpTo(3), answer, batchSize: 3 });
  expect(answer).toHaveBeenCalledTimes(1);
  expect(predictions.map(({ status }) => status)).toEqual(["failed", "answered", "answered"]);
});

test("a run goes on where the store ends, and asks failures again", async () => {
  const examples = examplesUpTo(3);
  const question = { problemType: "multiple choice", solution: "<answer>A</answer>", task: "t" } as const;
  const store = memoryStore([
    { ...question, problemId: 2, status: "answered", output: "kept" },
    { ...question, problemId: 0, status: "failed", reason: "disk" },
    { ...question, problemId: 99, status: "answered", output: "of a larger subset" },
  ]);
  const answer = vi.fn(echo);
  const progress: RunProgress[] = [];
  const predictions = await runBenchmark({ examples, answer, store, onProgress: (p) => progress.push(p) });
  expect(answer.mock.calls.map(([batch]) => batch[0]!.problemId)).toEqual([0, 1]);
  expect(predictions.map((p) => p.status === "answered" && p.output)).toEqual(["answer 0", "answer 1", "kept"]);
  expect(store.written.map(({ problemId }) => problemId)).toEqual([0, 1]);
  expect(progress).toEqual([
    { done: 1, total: 3, failed: 0 },
    { done: 2, total: 3, failed: 0 },
    { done: 3, total: 3, failed: 0 },
  ]);
});

test("ids may be texts; those that are equal as texts are the same", async () => {
  const [first] = examplesUpTo(1);
  const named = ["a/1", "7"].map((problemId) => ({ ...first!, problemId }));
  const store = memoryStore([{ ...questionOf(first!), problemId: 7, status: "answered", output: "kept" }]);
  const answer = vi.fn<Answerer<BenchmarkExample>>(async (batch) => batch.map(() => "new"));
  const predictions = await runBenchmark({ examples: named, answer, store });
  expect(predictions).toMatchObject([{ problemId: "a/1", output: "new" }, { output: "kept" }]);
  expect(answer).toHaveBeenCalledTimes(1);
  const twice = runBenchmark({ examples: [first!, { ...first!, problemId: String(first!.problemId) }], answer });
  await expect(twice).rejects.toMatchObject({ code: "DUPLICATE_PROBLEM" });
});

test("interrupted anywhere and resumed, a run ends as one that was not", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(12),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(12),
      fc.uniqueArray(fc.nat(12)),
      async (count, batchSize, stopAfter, bad) => {
        const examples = examplesUpTo(count);
        const answer: Answerer<BenchmarkExample> = async (batch) => {
          if (batch.some(({ problemId }) => bad.includes(Number(problemId)))) throw new Error("bad");
          return echo(batch);
        };
        const whole = await runBenchmark({ examples, answer, batchSize });

        const stop = new AbortController();
        const first = memoryStore();
        let asked = 0;
        const interrupted = runBenchmark({
          examples,
          answer: (batch) => {
            if (asked++ === stopAfter) stop.abort();
            return answer(batch);
          },
          batchSize,
          store: first,
          signal: stop.signal,
        });
        await interrupted.catch((error) => expect(error).toBe(stop.signal.reason));
        const second = await runBenchmark({ examples, answer, batchSize, store: memoryStore(first.written) });
        expect(second).toEqual(whole);
      },
    ),
    { numRuns: 200 },
  );
});

test("a batch that was stored in part is asked again as a whole, one that was stored in full is not", async () => {
  const examples = examplesUpTo(6);
  const first = memoryStore();
  await runBenchmark({ examples, answer: echo, batchSize: 3, store: first });
  const answer = vi.fn(echo);
  const second = memoryStore(first.written.slice(0, 4));
  await runBenchmark({ examples, answer, batchSize: 3, store: second });
  expect(answer.mock.calls.map(([batch]) => batch.map(({ problemId }) => problemId))).toEqual([[3, 4, 5]]);
});

test("an abort is not a failure: nothing is stored for the batch it interrupts", async () => {
  const stop = new AbortController();
  const store = memoryStore();
  const answer: Answerer<BenchmarkExample> = async (batch, signal) => {
    if (batch[0]!.problemId === 1) stop.abort();
    signal!.throwIfAborted();
    return echo(batch);
  };
  const run = runBenchmark({ examples: examplesUpTo(3), answer, store, signal: stop.signal });
  await expect(run).rejects.toThrow("aborted");
  expect(store.written.map(({ problemId }) => problemId)).toEqual([0]);
});

test("what cannot be told apart or matched is refused before anything is asked", async () => {
  const answer = vi.fn(echo);
  const examples = examplesUpTo(2);
  await expect(runBenchmark({ examples: [...examples, examples[0]!], answer })).rejects.toThrow(DuplicateProblemError);
  const stored: Prediction = {
    problemId: 0,
    problemType: "multiple choice",
    solution: "<answer>B</answer>",
    task: "t",
    status: "answered",
    output: "",
  };
  await expect(runBenchmark({ examples, answer, store: memoryStore([stored]) })).rejects.toThrow(
    PredictionMismatchError,
  );
  await expect(runBenchmark({ examples, answer, batchSize: 0 })).rejects.toThrow(RangeError);
  expect(answer).not.toHaveBeenCalled();
  await expect(runBenchmark({ examples, answer: async () => [], batchSize: 2 })).rejects.toThrow("got 0 for 2");
});
