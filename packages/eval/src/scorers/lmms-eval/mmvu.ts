import type { BenchmarkItem } from "../../item.ts";
import { firstOf, lengthOf } from "../python/code-points.ts";
import { wordBoundary } from "../python/word.ts";
import type { BenchmarkScorer, Reading } from "../scorer.ts";
import { percentOf } from "../shared/reading.ts";
import { isChoiceNamed, isOpenAnswerLike } from "./mmvu-rules.ts";

const subjects = new Set([
  ..."Biology Chemistry Modern_Physics Astronomy Geography Materials_Science Neurobiology Electromagnetism".split(" "),
  ..."Thermodynamics Mechanics Civil_Engineering Electrical_Engineering Mechanical_Engineering".split(" "),
  ..."Biomedical_Engineering Electronics_and_Communication Computer_Science Clinical_Medicine".split(" "),
  ..."Basic_Medicine Preventive_Medicine Pharmacy Dentistry Art Literature History Law Economics Management".split(" "),
]);
const letter = new RegExp(`${wordBoundary}[A-E]${wordBoundary}`, "u");
const longestLogged = 100;

/**
 * Rules that a choice passes by naming the letter or quoting the option anywhere, an open answer by containing the gold or
 * being contained in it, as an empty one is. An open answer that fails them is the judge's.
 *
 * @see lmms-eval 0.7.3 tasks/mmvu/utils.py `evaluate_with_llm_judge`
 */
export const mmvu: BenchmarkScorer = {
  read(item, output) {
    const isChoice = item.answerType === "choice";
    const isRight = isChoice ? isChoiceNamed(item, output) : isOpenAnswerLike(item.gold, output);
    const extracted = isChoice ? (letter.exec(output)?.[0] ?? "N/A") : logged(output);
    if (isRight || isChoice) return { score: Number(isRight), extracted };
    return { score: 0, extracted, status: "judge" };
  },
  aggregate(items, readings) {
    const counted = readings.filter((_: Reading, i) => subjects.has(subjectOf(items[i]!)));
    return { accuracy: percentOf(counted) };
  },
};

const logged = (output: string): string =>
  lengthOf(output) > longestLogged ? `${firstOf(output, longestLogged)}...` : output;

/** The clip's folder, which is the subject with underscores. */
const subjectOf = ({ media }: BenchmarkItem): string => [media[0]?.path ?? ""].flat()[0]!.split("/").at(-2) ?? "";
