import { floatText } from "./number-text.ts";
import { textRepr } from "./text-repr.ts";

/** A Python literal's `str` and `repr`. */
interface Literal {
  str: string;
  repr: string;
}

/** Thrown inside of this file alone, for a text that is no literal. */
const noLiteral = new SyntaxError("no Python literal");

/**
 * `str(ast.literal_eval(text)[0])` of a text in square brackets; the text itself for an empty list and for several lists with
 * commas between, which are a tuple; `undefined` where Python raises. Numbers, texts, names of constants and lists are read;
 * dictionaries, sets, tuples in brackets, complex numbers and texts with prefixes are not.
 */
export function firstOfLiteralList(text: string): string | undefined {
  const reader = literalReader(text.replace(/^[ \t]+/, ""));
  try {
    const [first, ...others] = reader.elements(undefined);
    return others.length === 0 && first?.items ? (first.items[0]?.str ?? text) : text;
  } catch (error) {
    if (error === noLiteral) return undefined;
    throw error;
  }
}

interface Read extends Literal {
  /** Of a list alone. */
  items?: readonly Literal[];
}

/** White space, and comments. */
const blanks = /(?:[ \t\n\r\f]|#[^\n]*)*/y;
const decimal = /(?:\d+(?:_\d+)*)?\.?(?:\d+(?:_\d+)*)?(?:[eE][+-]?\d+(?:_\d+)*)?/y;
const based = /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+/y;
const quoted = /'((?:[^'\\\n]|\\[\s\S])*)'|"((?:[^"\\\n]|\\[\s\S])*)"/y;
const constants = /(?:True|False|None)(?![\p{L}\p{N}_])/uy;
const integer = /^(?:0(?:_?0)*|[1-9](?:_?\d)*)$/;
const float = /^(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?$/;
const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
};

function literalReader(text: string) {
  let at = 0;
  const take = (form: RegExp): RegExpExecArray | null => {
    form.lastIndex = at;
    const found = form.exec(text);
    if (found) at = form.lastIndex;
    return found;
  };
  const skip = (character: string): boolean => {
    take(blanks);
    if (text[at] !== character) return false;
    at++;
    return true;
  };

  /** Literals with commas between, up to a closing character or the end. */
  function elements(close: string | undefined): Read[] {
    const found: Read[] = [];
    const isClosed = () => (close === undefined ? take(blanks) !== null && at === text.length : skip(close));
    while (!isClosed()) {
      if (found.length > 0 && !skip(",")) throw noLiteral;
      if (isClosed()) break;
      found.push(element());
    }
    return found;
  }

  function element(): Read {
    if (skip("[")) {
      const items = elements("]");
      const repr = `[${items.map((item) => item.repr).join(", ")}]`;
      return { str: repr, repr, items };
    }
    const found = take(constants)?.[0] ?? number();
    if (found !== undefined) return { str: found, repr: found };
    const str = quotedText();
    return { str, repr: textRepr(str) };
  }

  /** Texts that follow each other are one. */
  function quotedText(): string {
    const bodies: string[] = [];
    for (let found = take(quoted); found; found = take(quoted)) {
      bodies.push(found[1] ?? found[2]!);
      take(blanks);
    }
    if (bodies.length === 0) throw noLiteral;
    return bodies.join("").replace(/\\([\s\S])/g, (all, next) => escapes[next] ?? all);
  }

  function number(): string | undefined {
    const sign = take(/[+-]/y)?.[0];
    take(blanks);
    const inBase = take(based)?.[0];
    if (inBase !== undefined) return signed(sign, BigInt(inBase.replaceAll("_", "").toLowerCase()).toString());
    const digits = take(decimal)?.[0] ?? "";
    if (digits === "" && sign === undefined) return undefined;
    const plain = digits.replaceAll("_", "");
    if (integer.test(digits)) return signed(sign, BigInt(plain).toString());
    if (!float.test(digits) || /^\d[\d_]*$/.test(digits)) throw noLiteral;
    return signed(sign, floatText(Number(plain)));
  }
  return { elements };
}

const signed = (sign: string | undefined, digits: string): string =>
  sign === "-" && digits !== "0" ? `-${digits}` : digits;
