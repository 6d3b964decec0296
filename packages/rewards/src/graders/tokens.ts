// Tokens of ROUGE: the runs of [a-z0-9] in the lower-cased text. Two characters outside ASCII have such a letter in lower
// case: U+0130 becomes i and a combining dot, which ends the token, and the Kelvin sign U+212A becomes k.
import { commonStart, porterStem } from "./porter-stem.ts";

/** 1 to 36 for a digit or a letter of either case, 0 for a separator. */
const codes = Uint8Array.from({ length: 128 }, (_, unit) => {
  const digit = Number.parseInt(String.fromCharCode(unit), 36);
  return Number.isNaN(digit) ? 0 : digit + 1;
});
const dottedI = 0x130;
const kelvinSign = 0x212a;

function codeOf(unit: number): number {
  if (unit < 128) return codes[unit]!;
  if (unit === dottedI) return codes[0x69]!;
  return unit === kelvinSign ? codes[0x6b]! : 0;
}

/** Letters in the key of a token, which is one number; the key of a shorter token holds all of it. */
const keyLength = 3;
/** Tokens remembered at most: a text of many different words need not be remembered word by word. */
const mostRemembered = 4096;

function keyOf(token: string): number {
  let key = 0;
  for (let i = 0; i < token.length && i < keyLength; i++) key |= codeOf(token.charCodeAt(i)) << (6 * i);
  return key;
}

/** The ids of a text's tokens; `idOf` receives each token's key and its place in the text. */
function mapTokens(text: string, idOf: (key: number, start: number, end: number) => number): number[] {
  const ids: number[] = [];
  for (let i = 0; i < text.length; ) {
    const start = i;
    let key = 0;
    let ended = false;
    for (; i < text.length && !ended; i++) {
      const unit = text.charCodeAt(i);
      const code = codeOf(unit);
      if (code === 0) break;
      if (i - start < keyLength) key |= code << (6 * (i - start));
      ended = unit === dottedI;
    }
    if (i > start) ids.push(idOf(key, start, i));
    else i++;
  }
  return ids;
}

function tokenAt(text: string, start: number, end: number): string {
  const token = text.slice(start, end).toLowerCase();
  return token.endsWith("\u0307") ? token.slice(0, -1) : token;
}

/** Whether a key of three letters begins with one of these keys. Two letters decide most cases, by a table made when asked. */
function beginsLike(starts: readonly number[]): (key: number) => boolean {
  let pairs: Uint8Array | undefined;
  const triples = new Set<number>();
  for (const start of starts) if (start >= 1 << 12) triples.add(start);
  return (key) => {
    pairs ??= pairsOf(starts);
    const verdict = pairs[key & 0xfff]!;
    return verdict === 1 || (verdict === 2 && triples.has(key));
  };
}

/** By the first two letters of a key; 1: any third letter will do, 2: the key is among the triples. */
function pairsOf(starts: readonly number[]): Uint8Array {
  const pairs = new Uint8Array(1 << 12);
  for (const start of starts) {
    if (start < 1 << 6) for (let second = 0; second < 1 << 6; second++) pairs[start | (second << 6)] = 1;
    else if (start < 1 << 12) pairs[start] = 1;
    else pairs[start & 0xfff] ||= 2;
  }
  return pairs;
}

/** The distinct tokens of a text, and how to recognise them in another. */
export interface Vocabulary {
  /** The text's own tokens, as ids in the order of their first occurrence. */
  ids: readonly number[];
  /** The number of ids. */
  size: number;
  /** The tokens of another text: an id, or `size` for a token that this one lacks. */
  idsOf(text: string): number[];
}

/**
 * Vocabulary of a text; with `useStemmer`, tokens of more than 3 characters are one if their stems are.
 *
 * Most tokens of a long text are unknown, so `idsOf` looks up only those that begin like a known one.
 */
export function vocabularyOf(target: string, useStemmer: boolean): Vocabulary {
  const idOfStem = new Map<string, number>();
  const idOfToken = new Map<string, number>();
  const idOfShort = new Map<number, number>();

  const ids = mapTokens(target, (_, start, end) => {
    const token = tokenAt(target, start, end);
    const known = idOfToken.get(token);
    if (known !== undefined) return known;
    const stem = useStemmer && token.length > keyLength ? porterStem(token) : token;
    const id = idOfStem.get(stem) ?? idOfStem.size;
    idOfStem.set(stem, id);
    idOfToken.set(token, id);
    if (stem.length <= keyLength) idOfShort.set(keyOf(stem), id);
    return id;
  });
  const size = idOfStem.size;
  const isFamiliar = beginsLike([...idOfStem.keys()].map((stem) => keyOf(useStemmer ? commonStart(stem) : stem)));

  const idsOf = (text: string): number[] =>
    mapTokens(text, (key, start, end) => {
      if (end - start <= keyLength) return idOfShort.get(key) ?? size;
      if (!isFamiliar(key)) return size;
      const token = tokenAt(text, start, end);
      const known = idOfToken.get(token);
      if (known !== undefined) return known;
      const id = idOfStem.get(useStemmer ? porterStem(token) : token) ?? size;
      if (idOfToken.size < mostRemembered) idOfToken.set(token, id);
      return id;
    });
  return { ids, size, idsOf };
}
