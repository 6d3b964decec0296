/**
 * Evaluates a model before and after training on the same questions: scores with intervals, and what the difference says.
 *
 *     npm run example -- 4
 *
 *     After RL
 *
 *     score 87.5, mean over tasks 87.5, 16 records, 0 failed
 *
 *     problem type       n  failed           accuracy  MRA
 *     ---------------  ---  ------  -----------------  ---
 *     multiple choice   16       0  87.5 [64.0, 96.5]
 *     all               16       0  87.5 [64.0, 96.5]
 *
 *     task        n  failed           accuracy  MRA
 *     --------  ---  ------  -----------------  ---
 *     counting    8       0  87.5 [52.9, 97.8]
 *     order       8       0  87.5 [52.9, 97.8]
 *
 *     after - before: 37.5 points [9.0, 57.7], higher
 */
import { type Answerer, type BenchmarkExample, gradePredictions, runBenchmark, summarize } from "@videor1/eval";
import { scoreReport } from "@videor1/report/scores";
import { directionOf, pairedDifference } from "@videor1/statistics";

const examples = [..."ABCDABCDABCDABCD"].map((letter, problemId): BenchmarkExample => {
  const dataSource = problemId < 8 ? "counting" : "order";
  return { problemId, problemType: "multiple choice", solution: `<answer>${letter}</answer>`, dataSource };
});
const answers = // your model here
    (letters: string): Answerer<BenchmarkExample> =>
    async (batch) =>
      batch.map(({ problemId }) => `<think>Let me see.</think>\n<answer>${letters[Number(problemId)]}</answer>`);

const before = gradePredictions(await runBenchmark({ examples, answer: answers("ABCCABCCAAAAAAAA"), batchSize: 4 }));
const after = gradePredictions(await runBenchmark({ examples, answer: answers("ABCCABCDABCDABCC"), batchSize: 4 }));
console.log(scoreReport(summarize(after), { title: "After RL" }));

const scores = (graded: typeof before) => graded.map(({ score }) => score);
const difference = pairedDifference(scores(before), scores(after));
const [mean, low, high] = [difference.mean, difference.low, difference.high].map((share) => (100 * share).toFixed(1));
console.log(`after - before: ${mean} points [${low}, ${high}], ${directionOf(difference)}`);
