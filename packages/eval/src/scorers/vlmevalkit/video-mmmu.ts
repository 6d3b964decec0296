import { strip } from "@videor1/rewards";
import type { BenchmarkItem } from "../../item.ts";
import { floatText } from "../python/number-text.ts";
import { textRepr } from "../python/text-repr.ts";
import type { Reading } from "../scorer.ts";
import { groupReadings, tableOf } from "../shared/groups.ts";
import { isOpenAnswerRight, type NormalAnswer, parseOpenResponse } from "../shared/mmmu-open.ts";
import { endOf, isKept, rightOrWrong, sumOf } from "../shared/reading.ts";
import { parseVideoMmmuChoice } from "../shared/video-mmmu-choice.ts";
import { isVideoMmmuChoice, lettersOf, officialOptions } from "../shared/video-mmmu-item.ts";
import type { Rules } from "./rules.ts";

const apiError: Reading = { score: null, extracted: "API Error", status: "dropped" };

/**
 * VideoMMMU's own parsers on what follows the last "Answer:". The list that an open reply is parsed to goes through a file too
 * and comes back as text, whose single characters are compared: no open item is ever right.
 *
 * @see open-compass/VLMEvalKit@e8e78f0 vlmeval/dataset/videommmu.py
 */
export const videoMmmu: Rules = {
  read(item, reply) {
    if (reply === undefined) return { score: null, status: "error:AttributeError" };
    if (isVideoMmmuChoice(item)) return readChoice(item, answerPart(reply));
    const answers = parseOpenResponse(answerPart(reply));
    return answers === undefined ? apiError : rightOrWrong(false, listText(answers));
  },
  readBare(item, reply) {
    if (isVideoMmmuChoice(item)) return readChoice(item, answerPart(reply));
    const answers = parseOpenResponse(answerPart(reply));
    return answers === undefined ? apiError : rightOrWrong(isOpenAnswerRight(item.gold, answers), answers);
  },
  aggregate(items, readings) {
    if (endOf(readings) !== undefined) {
      const type = readings.every(({ status }) => status?.startsWith("error:")) ? "numpy.float64" : "float";
      return { error: `AttributeError: '${type}' object has no attribute 'rpartition'` };
    }
    const kept = readings.filter(isKept);
    if (kept.length === 0) return { error: "ZeroDivisionError: division by zero" };
    const keptItems = items.filter((_, i) => isKept(readings[i]!));
    const tracks = groupReadings(keptItems, kept, ({ groups }) => groups.task);
    return { ...tableOf(tracks, trackScore), Overall: trackScore(kept) };
  },
};

const answerPart = (reply: string): string => strip(reply.split("Answer:").at(-1)!);

function readChoice(item: BenchmarkItem, reply: string): Reading {
  const letter = parseVideoMmmuChoice(reply, lettersOf(item), officialOptions(item));
  return letter === undefined ? apiError : rightOrWrong(letter === item.gold, letter);
}

const listText = (answers: readonly NormalAnswer[]): string =>
  `[${answers.map((answer) => (typeof answer === "number" ? floatText(answer) : textRepr(answer))).join(", ")}]`;

function trackScore(readings: readonly Reading[]): { total: number; hit: number; acc: number } {
  const [hit, total] = [sumOf(readings), readings.length];
  return { total, hit, acc: (hit / total) * 100 };
}
