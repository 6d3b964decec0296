import { strip } from "@videor1/rewards";
import { lastOf } from "../python/code-points.ts";
import { splitLines } from "../python/split.ts";
import { whiteSpace as s } from "../python/white-space.ts";
import { wordBoundary, wordCharacter } from "../python/word.ts";

// The originals also take marks and white space before a letter, and after it, where what is found does not depend on them.
// Leaving them out keeps the time linear. Where case is ignored, Python's i matches the dotted and the dotless one too: hence İ and ı beside it.
const i = "[iİı]";
const letter = "[A-Za-zİı]";
const close = "[)\\]}）】]";

/** Characters of no width, which are removed first. */
const zeroWidth = /[\u200b\ufeff]|\u200c|\u200d/g;
const tag = `<${s}*answer(?!${wordCharacter})`;
const answerBlock = new RegExp(
  `${tag}(?:(?!${tag})[^>])*>${s}*([A-Jİı])(?:${s}*[.．:：)\\]】、])?.*?<${s}*/${s}*answer${s}*>`,
  "isu",
);
const before = (tag: string): RegExp =>
  new RegExp(`(?<!${letter})([A-F])${s}*(?:${close}${s}*)?</${s}*${tag}${s}*>`, "iu");
const beforeClosing = [before("answer"), before(`th${i}nk`)];
const listedOption = new RegExp(`^(?:[*_>-]|${s})*(?:opt${i}on|选项)${s}+[A-Jİı]${s}*[:：]`, "iu");
const letterAlone = new RegExp(
  `^${s}*(?:[*_\`>（）[\\]【】()]+${s}*)?([A-F])${s}*(?:[*_\`（）[\\]【】()]+${s}*)?$`,
  "iu",
);
const labelledLine = new RegExp(`^${s}*([A-F])${s}*[.．:：)\\]】、-]${s}+`, "iu");
const tokenInLine = new RegExp(
  `(?<![A-Za-z])([A-F])${s}*[*_\`）\\]})]*(?=$|${s}|[.,:;!?)\\]】》」』，。；、：）])`,
  "gu",
);
const phrase = new RegExp(
  `(?:f${i}nal${s}*answer|the${s}*answer${s}*${i}s|answer(?:${s}*${i}s)?|correct${s}*answer|答案|最终答案|结论|所以|因此|我选择?|选择|选)` +
    `${s}*(?:[:：>＝=]${s}*)?(?:[([{（【]${s}*)?([A-F])${s}*${close}?(?:${wordBoundary}|[.)、。])`,
  "iu",
);
const tokenAnywhere = /(?<![A-Za-z])([A-F])(?![A-Za-z])/g;

const tailLength = 800;
const tailLines = 6;

/**
 * The letter A to F that a reply chooses: what an answer tag starts with (A to J), a letter before a closing tag, one in the
 * last six lines after the thinking or of the last 800 characters, one behind a phrase, at last the only capital letter that
 * stands alone; `undefined` if none of these finds one.
 *
 * @see open-compass/VLMEvalKit@e8e78f0 vlmeval/dataset/utils/spatial_bench/matching_func.py `can_match_option`
 */
export function matchOption(reply: string): string | undefined {
  const text = withoutZeroWidth(strip(reply));
  const tail = lastOf(text, tailLength);
  const tagged = [answerBlock.exec(text), ...beforeClosing.map((form) => form.exec(tail))].find((found) => found);
  const found =
    tagged?.[1] ??
    fromLastLines(afterThinking(text)) ??
    fromLastLines(tail) ??
    phrase.exec(text)?.[1] ??
    onlyOne([...unlisted(text).matchAll(tokenAnywhere)]);
  return found?.toUpperCase();
}

export const withoutZeroWidth = (text: string): string => text.replace(zeroWidth, "");

const thinkTags = ["/", ""].map(
  (slash) => new RegExp(`<${slash === "" ? `${s}*` : `${slash}${s}*`}th${i}nk${s}*>`, "giu"),
);

/** The text after the last closing, else after the last opening tag of the thinking. */
export function afterThinking(text: string): string {
  const tag = thinkTags.map((form) => [...text.matchAll(form)].at(-1)).find((found) => found);
  return tag ? strip(text.slice(tag.index + tag[0].length)) : text;
}

function fromLastLines(text: string): string | undefined {
  const lines = splitLines(text).slice(-tailLines).map(strip);
  for (const line of lines.reverse()) {
    if (line === "" || listedOption.test(line)) continue;
    const found =
      letterAlone.exec(line)?.[1] ?? labelledLine.exec(line)?.[1] ?? onlyOne([...line.matchAll(tokenInLine)]);
    if (found !== undefined) return found;
  }
  return undefined;
}

const unlisted = (text: string): string =>
  splitLines(text)
    .filter((line) => !listedOption.test(line))
    .join("\n");

function onlyOne(found: readonly RegExpExecArray[]): string | undefined {
  const letters = new Set(found.map(([, name]) => name!));
  return letters.size === 1 ? [...letters][0] : undefined;
}
