import { strip } from "@videor1/rewards";
import type { BenchmarkItem } from "../../item.ts";
import { roundTo } from "../python/number-text.ts";
import { parseFloatText, parseIntegerText } from "../python/parse-number.ts";
import type { BenchmarkScorer } from "../scorer.ts";
import { optionNamed } from "../shared/mathvista-option.ts";
import { meanOf, rightOrWrong } from "../shared/reading.ts";

/**
 * An option's text, an integer or a float alone is the extraction; for all else the judge would be asked, and gives an empty
 * one here. That is replaced by the nearest, which is the shortest, option. A float is always wrong: `precision` is a float in
 * the data set's table, which `round` refuses.
 *
 * @see lmms-eval 0.7.3 tasks/mathvista/mathvista_evals.py
 */
export const mathvista: BenchmarkScorer = {
  read(item, output) {
    const reply = strip(output);
    const found = extraction(item, reply);
    const prediction = normalAnswer(item, found ?? "");
    const reading = rightOrWrong(strip(prediction ?? "None") === strip(goldText(item)), prediction);
    return found === undefined && reply !== "" ? { ...reading, status: "judge" } : reading;
  },
  aggregate(_, readings) {
    const accuracy = roundTo(meanOf(readings) * 100, 2);
    return { accuracy: accuracy === 0 ? null : accuracy };
  },
};

/** Undefined: the rules find none. */
function extraction({ answerType, options }: BenchmarkItem, reply: string): string | undefined {
  switch (answerType) {
    case "choice":
      return options.includes(reply) ? reply : undefined;
    case "integer":
      return parseIntegerText(reply)?.toString();
    case "float":
      return parseFloatText(reply) === undefined ? undefined : reply;
    default:
      return undefined;
  }
}

function normalAnswer({ answerType, options }: BenchmarkItem, found: string): string | null {
  switch (answerType) {
    case "choice":
      return optionNamed(strip(found), options);
    case "integer": {
      const number = parseFloatText(found);
      return number === undefined || !Number.isFinite(number) ? null : BigInt(Math.trunc(number)).toString();
    }
    case "float":
      return null;
    default:
      return found;
  }
}

const goldText = ({ answerType, options, gold }: BenchmarkItem): string =>
  answerType === "choice" ? options[gold.charCodeAt(0) - 65]! : gold;
