import { strip } from "../python-text.ts";

const pairs: readonly (readonly [open: string, close: string])[] = [
  ["<|begin_of_box|>", "<|end_of_box|>"],
  ["$$", "$$"],
  ["$", "$"],
  ["\\(", "\\)"],
  ["\\[", "\\]"],
  ["**", "**"],
  ["__", "__"],
  ["*", "*"],
  ["`", "`"],
];
const command = /^\\(?:boxed|fbox|text|textbf|textit|mathrm|mathbf|mathit|operatorname)\s*\{/;
const deepest = 8;

/**
 * The text without the TeX, Markdown or box tokens that enclose all of it, at most 8 deep: `$\boxed{\text{B}}$` is `B`, and
 * `50\%` is `50%`. `\boxed{A}\boxed{B}` stays, being two.
 */
export function dropMarkup(text: string): string {
  let bare = strip(text);
  for (let depth = 0; depth < deepest; depth++) {
    const inner = withoutPair(bare) ?? withoutCommand(bare);
    if (inner === undefined) break;
    bare = strip(inner);
  }
  return bare.replace(/\\%$/, "%");
}

function withoutPair(text: string): string | undefined {
  for (const [open, close] of pairs) {
    if (text.length <= open.length + close.length || !text.startsWith(open) || !text.endsWith(close)) continue;
    const inner = text.slice(open.length, -close.length);
    return inner.includes(open) || inner.includes(close) ? undefined : inner;
  }
  return undefined;
}

/** The argument of a TeX command that is the whole text. */
function withoutCommand(text: string): string | undefined {
  const start = command.exec(text)?.[0].length;
  if (start === undefined || !text.endsWith("}")) return undefined;
  let open = 1;
  for (let i = start; i < text.length; i++) {
    if (text[i] === "{") open++;
    else if (text[i] === "}" && --open === 0) return i === text.length - 1 ? text.slice(start, i) : undefined;
  }
  return undefined;
}
