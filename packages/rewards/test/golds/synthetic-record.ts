import type { ProblemType } from "../../src/index.ts";

/** A record in the shape of Video-R1's, with an answer that its question could have. */
export interface SyntheticRecord {
  type: ProblemType;
  options: string[];
  answer: string;
  /** Tags included. */
  solution: string;
}

/** Records of each type in Video-R1-260k, as counted. */
const counts: readonly [ProblemType, number][] = [
  ["multiple choice", 168_769],
  ["free-form", 38_722],
  ["numerical", 34_354],
  ["OCR", 15_886],
  ["regression", 5_340],
];
export const recordCount = counts.reduce((sum, [, count]) => sum + count, 0);

/** The record of a number below {@link recordCount}; the types are mixed, and as many of each as there are. */
export function syntheticRecord(index: number): SyntheticRecord {
  let place = (index * 100_003) % recordCount; // without a common divisor: every place once
  for (const [type, count] of counts) {
    if (place < count) return recordOf(type, randomFrom(index));
    place -= count;
  }
  throw new RangeError(`index ${index} is not below ${recordCount}`);
}

/** Numbers in [0, 1): mulberry32 (public domain). */
function randomFrom(seed: number): () => number {
  let state = seed * 0x9e3779b1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;
const below = (random: Random, end: number): number => Math.floor(random() * end);
const one = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)]!;
const some = <T>(random: Random, list: readonly T[], least: number, most: number): T[] =>
  Array.from({ length: least + below(random, most - least + 1) }, () => one(random, list));

const words =
  "the a man woman child dog cat red blue green ball car street kitchen opens picks throws walks left right up down before after two three 7 2019 first last not no yes is was and or of in on with about 5 m I A B C d vitamin team Room café naïve über".split(
    " ",
  );
const sentence = (random: Random): string => {
  const text = some(random, words, 2, 14).join(" ");
  return `${text[0]!.toUpperCase()}${text.slice(1)}${one(random, [".", ".", "", "!", "?"])}`;
};

/** What the options of charts, geometry, science and films read like. */
const optionKinds: readonly ((random: Random) => string)[] = [
  sentence,
  (random) => one(random, words),
  (random) => String(below(random, 400)),
  (random) => `${below(random, 90)}.${below(random, 10)}°`,
  (random) => `$\\frac{${below(random, 9)}}{${1 + below(random, 9)}}$`,
  (random) => `${below(random, 90)} ${one(random, ["cm", "m/s", "kg", "%", "dollars"])}`,
  (random) => one(random, ["Yes", "No", "yes", "no", "True", "False", "Not sure", "All of the above", "None of these"]),
  (random) => one(random, ["A and B", "Both A and C", "only B", "A", "C", "(B)", "Option D", "B.", "a", "I"]),
  (random) => some(random, [..."红色的球在左边右跑步跳舞"], 1, 6).join(""),
  (random) => `Figure (${one(random, ["a", "b", "c"])})`,
  (random) => one(random, ["H₂O", "CO2", "x² + 1", "a < b", "<b>bold</b>", "C++", "50 %", "—", "…"]),
];

const spaced = (random: Random): string => one(random, ["", "", "", "", " ", "\n"]);

const ocrPieces =
  "STOP Main St. 24/7 $5.99 50% #1 @home www.a-b.com don't “quoted” \"quoted\" Mr. O'Neil & Sons – — … © ® ™ x^{2} \\frac{1}{2} \\sqrt{3} a<b c>d {x} [1] (2) +44 20 7946 0000 12:30 A B 3-1 ÄÖ é ñ 中文 日本語 안녕 Привет مرحبا 😀 ~ * ** __ `code` | / \\ ½ ² ① ﬁ".split(
    " ",
  );

const freeKinds: readonly ((random: Random) => string)[] = [
  sentence,
  sentence,
  (random) =>
    some(random, ["", ""], 2, 4)
      .map(() => sentence(random))
      .join(" "),
  (random) => one(random, words),
  (random) => String(below(random, 3000)),
  (random) => `${one(random, words)}, ${one(random, words)} and ${one(random, words)}`,
  (random) => `The area is $${below(random, 99)} \\text{ cm}^2$, so x = ${below(random, 9)}.`,
  (random) => `1. ${sentence(random)}\n2. ${sentence(random)}`,
  (random) => `**${one(random, words)}**: ${sentence(random)}`,
  (random) => `The sign says 出口 and ${one(random, words)}.`,
];

function recordOf(type: ProblemType, random: Random): SyntheticRecord {
  const options = type === "multiple choice" ? choices(random) : [];
  const answer = answerOf(type, random, options);
  const [before, after] = [spaced(random), spaced(random)];
  return { type, options, answer, solution: `<answer>${before}${answer}${after}</answer>` };
}

function choices(random: Random): string[] {
  const kind = one(random, optionKinds);
  const texts = new Set<string>();
  for (let tries = 0; texts.size < 2 + below(random, 5) && tries < 40; tries++)
    texts.add((random() < 0.8 ? kind : one(random, optionKinds))(random));
  if (texts.size < 2) texts.add("something else");
  return [...texts].map((text, i) => `${String.fromCharCode(65 + i)}. ${text}`);
}

function answerOf(type: ProblemType, random: Random, options: readonly string[]): string {
  switch (type) {
    case "multiple choice":
      return String.fromCharCode(65 + below(random, options.length));
    case "numerical":
      return number(random, 1e6);
    case "regression":
      return number(random, 40);
    case "OCR":
      return some(random, [...ocrPieces, ...words], 1, 12).join(one(random, [" ", " ", "\n", "  "]));
    case "free-form":
      return one(random, freeKinds)(random);
  }
}

function number(random: Random, most: number): string {
  const value = random() ** 3 * most;
  const sign = random() < 0.1 ? "-" : "";
  return (
    sign +
    one(random, [
      () => String(Math.floor(value)),
      () => String(1 + below(random, 12)),
      () => value.toFixed(1),
      () => value.toFixed(2),
      () => value.toFixed(4),
      () => Math.floor(value).toLocaleString("en-US"),
      () => value.toLocaleString("en-US"),
      () => String(1900 + below(random, 130)),
      () => `0.0${1 + below(random, 99)}`,
      () => `.${1 + below(random, 9)}`,
      () => `${below(random, 99)}.`,
      () => `0${below(random, 9)}`,
      () => `${1 + below(random, 9)}e${below(random, 5)}`,
      () => "0",
    ])()
  );
}
