/**
 * Grades answers of a model by rule, with the reason where one is not right.
 *
 *     npm run example -- 1
 *
 *     1
 *     1
 *     0.75 relative error 0.25
 *     0 "left" is not "right"
 *     0
 *     0
 */
import { accuracyReward, formatReward, scoreBatch } from "@videor1/rewards";

const completion = "<think>Two cats, then a dog joins.</think>\n<answer>3.0</answer>\n";
console.log(accuracyReward(completion, "<answer>3</answer>", "numerical")); // 1
console.log(formatReward(completion)); // 1

const { results } = scoreBatch([
  { completion, solution: "<answer>4</answer>", problemType: "regression" },
  { completion: "<answer>left</answer>", solution: "<answer>right</answer>", problemType: "multiple choice" },
]);
console.log(results[0]?.accuracy, results[0]?.note); // 0.75 relative error 0.25
console.log(results[1]?.accuracy, results[1]?.note); // 0 "left" is not "right"

// Bit for bit as the original grades, faults included.
console.log(accuracyReward(completion, "<answer>3</answer>", "numerical", { rules: "video-r1" })); // 0: one decimal mark
console.log(formatReward(completion, { rules: "video-r1" })); // 0: the line break at the end
