const escapes = '"\\/bfnrt';
const isDigit = (c: string | undefined): boolean => c !== undefined && c >= "0" && c <= "9";
const isHex = (c: string | undefined): boolean => c !== undefined && /^[0-9a-fA-F]$/.test(c);

/** The end of a token, or where it goes wrong. */
interface Token {
  readonly at: number;
  readonly ok: boolean;
}

/** The end of the string that opens at `at`. */
function scanString(text: string, at: number): Token {
  for (let i = at + 1; i < text.length; i++) {
    const c = text[i]!;
    if (c === '"') return { at: i + 1, ok: true };
    if (c < " ") return { at: i, ok: false };
    if (c !== "\\") continue;
    i++;
    if (text[i] === "u") {
      for (const end = i + 4; i < end; ) if (!isHex(text[++i])) return { at: i, ok: false };
    } else if (i >= text.length || !escapes.includes(text[i]!)) return { at: i, ok: false };
  }
  return { at: text.length, ok: false };
}

/** The end of the number that starts at `at`: `-? (0 | [1-9] digits) (. digits)? ([eE] [+-]? digits)?`. */
function scanNumber(text: string, at: number): Token {
  let i = at;
  const some = (): boolean => {
    const first = i;
    while (isDigit(text[i])) i++;
    return i > first;
  };
  if (text[i] === "-") i++;
  if (text[i] === "0") i++;
  else if (!some()) return { at: i, ok: false };
  if (text[i] === ".") {
    i++;
    if (!some()) return { at: i, ok: false };
  }
  if (text[i] === "e" || text[i] === "E") {
    i++;
    if (text[i] === "+" || text[i] === "-") i++;
    if (!some()) return { at: i, ok: false };
  }
  return { at: i, ok: true };
}

function scanWord(text: string, at: number, word: string): Token {
  for (let i = 0; i < word.length; i++) if (text[at + i] !== word[i]) return { at: at + i, ok: false };
  return { at: at + word.length, ok: true };
}

function scanScalar(text: string, at: number): Token {
  switch (text[at]) {
    case '"':
      return scanString(text, at);
    case "t":
      return scanWord(text, at, "true");
    case "f":
      return scanWord(text, at, "false");
    case "n":
      return scanWord(text, at, "null");
    default:
      return scanNumber(text, at);
  }
}

/**
 * Index, in UTF-16 units, of the first character that no JSON text can have at that place: `text.length` if the text ends
 * too soon, undefined if it is JSON. JSON.parse of Node 20 tells the position of some mistakes only.
 *
 * @see RFC 8259
 */
export function jsonErrorPosition(text: string): number | undefined {
  const open: ("{" | "[")[] = [];
  let expects: "value" | "value or ]" | "key" | "key or }" | "colon" | "comma or end" = "value";
  let i = 0;
  for (;;) {
    while (text[i] === " " || text[i] === "\n" || text[i] === "\r" || text[i] === "\t") i++;
    const c = text[i];
    const inside = open.at(-1);
    if (c === undefined) return expects === "comma or end" && inside === undefined ? undefined : i;
    if (expects === "comma or end") {
      if (inside === undefined) return i;
      if (c === ",") expects = inside === "{" ? "key" : "value";
      else if (c === (inside === "{" ? "}" : "]")) open.pop();
      else return i;
      i++;
    } else if (expects === "colon") {
      if (c !== ":") return i;
      expects = "value";
      i++;
    } else if ((expects === "key or }" && c === "}") || (expects === "value or ]" && c === "]")) {
      open.pop();
      expects = "comma or end";
      i++;
    } else if (expects === "key" || expects === "key or }") {
      if (c !== '"') return i;
      const token = scanString(text, i);
      if (!token.ok) return token.at;
      i = token.at;
      expects = "colon";
    } else if (c === "{" || c === "[") {
      open.push(c);
      expects = c === "{" ? "key or }" : "value or ]";
      i++;
    } else {
      const token = scanScalar(text, i);
      if (!token.ok) return token.at;
      i = token.at;
      expects = "comma or end";
    }
  }
}
