import { strip } from "../python-text.ts";

const pairs: readonly (readonly [open: string, close: string])[] = [
  ["<|begin_of_box|>", "<|end_of_box|>"],
  ["$$", "$$"],
  ["$", "$"],
  ["\\(", "\\)"],
  ["\\[", "\\]"],
  ["```", "```"],
  ["**", "**"],
  ["__", "__"],
  ["*", "*"],
  ["`", "`"],
];
const command = /^\\(?:boxed|fbox|underline|emph|operatorname|text(?:bf|it|rm|sf|tt)?|math(?:bf|it|rm|sf|tt))\s*\{/;
const htmlTag = /^<(b|i|u|em|strong|mark|code|p|div|span)>(.*)<\/\1>$/is;
const emphasis = /(?<![\w*])\*\*([^*]+)\*\*(?![\w*])/g;
const deepest = 8;

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " ", deg: "°" };
const entity = /&(?:(amp|lt|gt|quot|apos|nbsp|deg)|#([0-9]{1,5}));/g;

/** TeX inside an answer, and how it is written without: fractions as `1/2`, powers in brackets. */
const texForms: readonly (readonly [form: RegExp, plain: string])[] = [
  [/\\[dt]?frac\s*(?:\{\s*([0-9.]+)\s*\}|([0-9]))\s*(?:\{\s*([0-9.]+)\s*\}|([0-9]))/g, " $1$2/$3$4"],
  [/\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, " ($1)/($2)"],
  [/\\sqrt\s*\{([^{}]*)\}/g, "sqrt($1)"],
  [/\^\s*(?:\{\s*)?\\circ(?:\s*\})?/g, "°"],
  [/\^\s*\{([^{}]*)\}/g, "^($1)"],
  [/\\(?:times|cdot)(?![A-Za-z])\s*/g, "×"],
  [/\\div(?![A-Za-z])\s*/g, "÷"],
  [/\\(?:text|mathrm)\s*\{([^{}]*)\}/g, "$1"],
  [/\\(?:left|right)(?![A-Za-z])|\\[,;!]/g, ""],
  [/\{,\}/g, ","],
  [/\\([%$&#_ ])/g, "$1"],
];

/**
 * The text without the TeX, Markdown, HTML or box tokens that enclose all of it, at most 8 deep: `$\boxed{\text{B}}$` is `B`,
 * `50\%` is `50%`, `\frac{1}{2}` is `1/2`; bold type anywhere is plain. The only `\boxed{}` in a text is its answer;
 * `\boxed{A}\boxed{B}` stays, being two.
 */
export function dropMarkup(text: string): string {
  let bare = strip(text);
  for (let depth = 0; depth < deepest; depth++) {
    const inner = withoutPair(bare) ?? withoutCommand(bare) ?? withoutTag(bare) ?? onlyBox(bare);
    if (inner === undefined) break;
    bare = strip(inner);
  }
  if (bare.includes("\\") || bare.includes("{")) {
    for (const [form, plain] of texForms) bare = bare.replace(form, plain);
  }
  if (bare.includes("**")) bare = bare.replace(emphasis, "$1");
  if (bare.includes("&")) bare = bare.replace(entity, (_, name, code) => entities[name] ?? String.fromCharCode(code));
  return strip(bare);
}

/** What the only `\boxed{}` of a text holds, where more than that is written. */
function onlyBox(text: string): string | undefined {
  const start = text.indexOf("\\boxed");
  if (start < 0 || text.includes("\\boxed", start + 1)) return undefined;
  const end = closingBrace(text, text.indexOf("{", start) + 1);
  return end === undefined || !/^\\boxed\s*\{/.test(text.slice(start, start + 20))
    ? undefined
    : text.slice(text.indexOf("{", start) + 1, end);
}

function withoutPair(text: string): string | undefined {
  for (const [open, close] of pairs) {
    if (text.length <= open.length + close.length || !text.startsWith(open) || !text.endsWith(close)) continue;
    const inner = text.slice(open.length, -close.length);
    return inner.includes(open) || inner.includes(close) ? undefined : inner;
  }
  return undefined;
}

/** What an HTML tag around the whole text encloses. */
function withoutTag(text: string): string | undefined {
  const [, tag, inner] = htmlTag.exec(text) ?? [];
  return inner?.includes(`</${tag}>`) ? undefined : inner;
}

/** The argument of a TeX command that is the whole text. */
function withoutCommand(text: string): string | undefined {
  const start = command.exec(text)?.[0].length;
  if (start === undefined || !text.endsWith("}")) return undefined;
  return closingBrace(text, start) === text.length - 1 ? text.slice(start, -1) : undefined;
}

/** Index of the brace that closes the one before `start`. */
function closingBrace(text: string, start: number): number | undefined {
  let open = 1;
  for (let i = start; i < text.length; i++) {
    if (text[i] === "{") open++;
    else if (text[i] === "}" && --open === 0) return i;
  }
  return undefined;
}
