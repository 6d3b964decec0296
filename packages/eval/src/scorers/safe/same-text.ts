import { conclusions } from "./conclusions.ts";
import { comparable, type Found } from "./option-alone.ts";

/** The text of an open answer, alone or behind its last announcement, that is the gold's; undefined if neither is. */
export function sameText(answer: string, gold: string): Found<string> | undefined {
  const truth = bareText(gold);
  if (truth === "") return undefined;
  if (bareText(answer) === truth) return { value: answer, rule: "text" };
  const concluded = conclusions(answer).at(-1);
  return concluded !== undefined && bareText(concluded) === truth
    ? { value: concluded, rule: "conclusion" }
    : undefined;
}

/** As options are compared, without quotation marks around or `it is` before, n² as n^2. */
const bareText = (text: string): string =>
  comparable(
    comparable(text)
      .replace(/[⁰¹²³⁴-⁹]+/g, (power) => `^${power.normalize("NFKC")}`)
      .replace(/^["'](.*)["']$/, "$1")
      .replace(/^(?:it|this|that) is\s+/, ""),
  );
