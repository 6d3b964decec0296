import type { BenchmarkItem } from "../../item.ts";
import { parseFloatText, parseIntegerText } from "../python/parse-number.ts";
import type { Reading } from "../scorer.ts";
import { inferChoice } from "./can-infer.ts";
import { type Rules, replyText } from "./rules.ts";

/**
 * What the rules find is "prefetched": any option that `inferChoice` names, or a number alone that equals the gold and is not
 * 0. All else is the judge's, who says nothing here; that comes back from the file as "nan", in which an option is sought too.
 *
 * @see open-compass/VLMEvalKit@e8e78f0 vlmeval/dataset/utils/mathvista.py `post_check`, `MathVista_acc`
 */
export const mathvista: Rules = {
  read(item, reply) {
    const found = prefetched(item, replyText(reply));
    if (found !== undefined) return { score: Number(isRight(item, found)), extracted: found };
    return { score: Number(isRight(item, "nan")), extracted: null, status: "judge" };
  },
  aggregate(items, readings) {
    const groups = new Map<string, Reading[]>();
    for (const [i, { groups: names, overlappingGroups }] of items.entries()) {
      for (const name of ["Overall", ...(overlappingGroups?.skills ?? []), names.task ?? ""]) {
        const group = groups.get(name) ?? [];
        group.push(readings[i]!);
        groups.set(name, group);
      }
    }
    return [...groups].map(([name, group]) => rowOf(name, group));
  },
};

/** @returns undefined where the judge is asked. */
function prefetched({ answerType, options, gold }: BenchmarkItem, reply: string): string | number | undefined {
  switch (answerType) {
    case "choice":
      return inferChoice(reply, options);
    case "integer": {
      const number = parseIntegerText(reply);
      return number !== undefined && number !== 0n && number === parseIntegerText(gold) ? Number(number) : undefined;
    }
    case "float": {
      const number = parseFloatText(reply);
      return number !== undefined && number !== 0 && number === parseFloatText(gold) ? Number(number) : undefined;
    }
    default:
      return undefined;
  }
}

/** A prefetched number is right; a choice is looked for once more in what was found. */
const isRight = ({ answerType, options, gold }: BenchmarkItem, found: string | number): boolean =>
  answerType === "choice" ? inferChoice(String(found), options) === gold : typeof found === "number";

function rowOf(name: string, readings: readonly Reading[]): Record<string, unknown> {
  const tot = readings.length;
  const prefetch = readings.filter(({ status }) => status !== "judge").length;
  const hit = readings.filter(({ score }) => score === 1).length;
  return { "Task&Skill": name, tot, prefetch, hit, prefetch_rate: (prefetch / tot) * 100, acc: (hit / tot) * 100 };
}
