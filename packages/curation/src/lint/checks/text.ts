import { type Check, recordCheck } from "../check.ts";
import type { LintRecord } from "../lint-record.ts";

/** Texts that a prompt or a target is made of, with their fields. */
const textsOf = ({ problem, options, process, solution }: LintRecord): [field: string, text: string][] => [
  ["problem", problem],
  ...options.map((option, i): [string, string] => [`options.${i}`, option]),
  ["process", process],
  ["solution", solution],
];

const promptOf = (record: LintRecord): [field: string, text: string][] =>
  textsOf(record).filter(([field]) => field !== "process" && field !== "solution");

function firstMatch(texts: readonly [string, string][], pattern: RegExp): [field: string, match: string] | undefined {
  for (const [field, text] of texts) {
    const match = pattern.exec(text);
    if (match) return [field, match[0]];
  }
  return undefined;
}

/** White space at the ends, byte order marks and characters of no width. */
const unseen = /^\s|\s$|[\ufeff\u200b\u2060]/;
const unseenAll = /[\ufeff\u200b\u2060]/g;
const trimmed = (text: string): string => text.replace(unseenAll, "").trim();

/** Of the solution the gold alone counts: white space around the tags has no effect. */
const hasUnseen = (field: string, text: string): boolean =>
  field === "solution" ? text.search(unseenAll) >= 0 : unseen.test(text);

export const textSpace: Check = recordCheck(
  {
    code: "TEXT_SPACE",
    level: "warning",
    about: "hold white space at the ends of a text, a byte order mark or characters of no width",
    remedy: "Take them out: they change the prompt, and in a gold no answer is equal to it.",
    fixes: "takes them out of problem, options and solution; nothing that can be seen changes",
    fix: ({ fields, problem, options, solution }) => {
      const changes = {
        ...(hasUnseen("problem", problem) && { problem: trimmed(problem) }),
        ...(options.some((option) => unseen.test(option)) && { options: options.map(trimmed) }),
        ...(hasUnseen("solution", solution) && { solution: trimmed(solution) }),
      };
      const isTexts = !Array.isArray(fields.options) || fields.options.every((option) => typeof option === "string");
      return Object.keys(changes).length > 0 && isTexts ? changes : undefined;
    },
  },
  (record) => {
    const found = textsOf(record).find(([field, text]) => field !== "process" && hasUnseen(field, text));
    return found && `in ${found[0]}`;
  },
);

/** Escapes of TeX commands that a JSON writer took for its own: \frac, \beta, \times, \nu are none of these characters. */
const lostCommands =
  /\f(?=rac|orall)|[\b](?=eta|ar|inom|egin|oldsymbol)|\t(?=imes|heta|ext|an|ilde|riangle)|\r(?=ight|ho|m\{)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is sought
const controls = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]/;

export const textControl: Check = recordCheck(
  {
    code: "TEXT_CONTROL",
    level: "warning",
    about: "hold control characters, or U+FFFD in place of one that could not be read",
    remedy: "Write the records again from their source, with the right encoding and with backslashes doubled in JSON.",
  },
  (record) => {
    const lost = firstMatch(textsOf(record), lostCommands);
    if (lost) return `${codePoint(lost[1])} in ${lost[0]}: a TeX command that lost its backslash`;
    const found = firstMatch(textsOf(record), controls);
    return found && `${codePoint(found[1])} in ${found[0]}`;
  },
);

const codePoint = (text: string): string => `U+${text.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;

/**
 * Qwen2.5-VL's special tokens. Training refuses those of turns and media, and reads the others as one token.
 *
 * @see Qwen2.5-VL-7B-Instruct tokenizer_config.json `added_tokens_decoder`
 */
const specialToken =
  /<\|(endoftext|im_start|im_end|object_ref_start|object_ref_end|box_start|box_end|quad_start|quad_end|vision_start|vision_end|vision_pad|image_pad|video_pad)\|>/;

export const textSpecialToken: Check = recordCheck(
  {
    code: "TEXT_SPECIAL_TOKEN",
    level: "error",
    about: "hold a token of the chat format in a text, which the tokenizer reads as part of the chat itself",
    remedy: "Write it in other characters, or leave the records out: training refuses those of turns and media.",
  },
  (record) => {
    const found = firstMatch(textsOf(record), specialToken);
    return found && `${found[1]} in ${found[0]}`;
  },
);

const mediaTags = /<(image|video|audio)>/g;
const tagAtAnEnd = /^(<(image|video)>\s*)|(\s*<(image|video)>)$/;

/** Tags that stand for the record's media are read as such; those of a record that names one by `path` are text. */
const textTags = ({ problem, media }: LintRecord): string[] =>
  media.some(({ tagged }) => tagged) ? [] : (problem.match(mediaTags) ?? []);

export const textMediaTag: Check = recordCheck(
  {
    code: "TEXT_MEDIA_TAG",
    level: "warning",
    about:
      "hold <image> or <video> in the question, where their media are named by path, so that the tag is read as text",
    remedy: "Take the tag out, or name the media in the lists images and videos, which puts them at the tags.",
    fixes:
      "takes out the one tag at the beginning or the end of a question with one medium, where the medium is anyway",
    fix: (record) => {
      const isPlain = textTags(record).length === 1 && record.media.length === 1 && tagAtAnEnd.test(record.problem);
      return isPlain ? { problem: record.problem.replace(tagAtAnEnd, "") } : undefined;
    },
  },
  (record) => {
    const [tag] = textTags(record);
    return tag && `${tag} in problem`;
  },
);

export const textAnswerTag: Check = recordCheck(
  {
    code: "TEXT_ANSWER_TAG",
    level: "warning",
    about: "hold tags of thinking or answer in the question or the options",
    remedy: "Take them out: the prompt asks for these tags itself, and a text between them may give the answer away.",
  },
  (record) => {
    const found = firstMatch(promptOf(record), /<\/?(think|answer)>/i);
    return found && `${found[1]} in ${found[0]}`;
  },
);

export const textLong: Check = recordCheck(
  {
    code: "TEXT_LONG",
    level: "warning",
    about: "have a prompt or a gold of more characters than longText",
    remedy: "Compare with maxPromptLength and maxCompletionLength: what does not fit is cut, or its record fails.",
  },
  ({ problem, options, gold }, { longText }) => {
    const prompt = options.reduce((sum, option) => sum + option.length, problem.length);
    if (prompt > longText) return `a prompt of ${prompt} characters`;
    return gold.length > longText ? `a gold of ${gold.length} characters` : undefined;
  },
);

export const questionEmpty: Check = recordCheck(
  {
    code: "QUESTION_EMPTY",
    level: "error",
    about: "ask nothing",
    remedy: "Write the question, or leave the records out.",
  },
  ({ fields, problem }) =>
    typeof fields.problem === "string" && !/[\p{L}\p{N}]/u.test(problem) ? JSON.stringify(problem) : undefined,
);
