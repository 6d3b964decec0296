import { strip } from "@videor1/rewards";
import { type BenchmarkItem, letterAt } from "../../item.ts";
import { fixedText } from "../python/number-text.ts";
import type { Reading } from "../scorer.ts";
import { groupReadings, tableOf } from "../shared/groups.ts";
import { rightOrWrong } from "../shared/reading.ts";
import { inferChoice } from "./can-infer.ts";
import type { Rules } from "./rules.ts";

const failure = "Failed to obtain answer via API.";

/**
 * The first token of the reply is in `(c)` or has it in it, or `inferChoice` finds the letter. What counts as right is any
 * score but 0, so that a reply that came back as NaN and a failed one, scored -1, are.
 *
 * @see open-compass/VLMEvalKit@e8e78f0 vlmeval/dataset/mvbench.py, utils/mvbench.py `check_ans_with_model`
 */
export const mvbench: Rules = {
  read(item, reply) {
    if (reply === undefined) return { score: null, status: "dropped" };
    return reply.includes(failure) ? { score: -1 } : rightOrWrong(isRight(item, reply));
  },
  aggregate(items, readings) {
    if (readings.every(({ score }) => score === null)) return { error: "KeyError: 'score'" };
    const groups = groupReadings(items, readings, ({ groups }) => titleOf(groups.task ?? ""));
    return { ...tableOf(groups, board), overall: board(readings) };
  },
};

/** Of an answer that stands among the options twice, the last letter is compared to the token, and the first one inferred. */
function isRight({ options, gold }: BenchmarkItem, reply: string): boolean {
  const answer = options[gold.charCodeAt(0) - 65]!;
  const token = strip(reply.toLowerCase()).split(" ")[0]!;
  const wanted = `(${letterAt(options.lastIndexOf(answer)).toLowerCase()})`;
  if (wanted.includes(token.replaceAll(".", "")) || token.includes(wanted)) return true;
  return inferChoice(reply, options) === nameOf(options, answer);
}

/** The answer's letter; an option that is itself that letter, and comes later, takes its place. */
const nameOf = (options: readonly string[], answer: string): string =>
  options.reduce((name, option, i) => (option === name ? letterAt(i) : name), answer);

function board(readings: readonly Reading[]): [number, number, string] {
  const right = readings.filter(({ score }) => score !== 0).length;
  return [right, readings.length, `${fixedText((right / readings.length) * 100, 2)}%`];
}

/** `fine_grained_pose` as VLMEvalKit lists it: `Fine Grained Pose`. */
const titleOf = (task: string): string =>
  task
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
