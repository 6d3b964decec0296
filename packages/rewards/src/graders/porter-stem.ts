// Porter's stemmer in NLTK's default mode, NLTK_EXTENSIONS. Where it leaves Porter 1980:
// 1. words of one or two letters stay, and `irregular` below goes first;
// 2. 1a and 1b: four-letter `-ies` and `-ied` keep the e (dies -> die), longer `-ied` becomes i;
// 3. 1c: y becomes i only after a consonant that is not the first letter (enjoy stays, fly -> fli);
// 4. 2: `-alli` is cut to `-al` before the other rules, `-bli` replaces `-abli`, `-fulli` and `-logi` are new;
// 5. *o also holds for two-letter words (word-shape.ts).
import { endsLikeShortWord, endsWithDoubleConsonant, hasVowel, isConsonant, measure } from "./word-shape.ts";

/** A suffix, what replaces it, and the condition on the stem before it. */
type Rule = readonly [suffix: string, replacement: string, condition: (stem: string) => boolean];
/** Rules in their order, under the last letter of their suffix. */
type Rules = ReadonlyMap<string, readonly Rule[]>;

const always = () => true;
const hasMeasure = (stem: string) => measure(stem, 1) > 0;
const hasMeasureAbove1 = (stem: string) => measure(stem, 2) > 1;

const irregular = new Map([
  ["sky", "sky"],
  ["skies", "sky"],
  ["dying", "die"],
  ["lying", "lie"],
  ["tying", "tie"],
  ["news", "news"],
  ["inning", "inning"],
  ["innings", "inning"],
  ["outing", "outing"],
  ["outings", "outing"],
  ["canning", "canning"],
  ["cannings", "canning"],
  ["howe", "howe"],
  ["proceed", "proceed"],
  ["exceed", "exceed"],
  ["succeed", "succeed"],
]);
/** Last letters of the words that some step can change. */
const lastLetters = new Set("cdegilmnrstuy");
const irregularStems = new Set(irregular.values());

const plurals = byLastLetter([
  ["sses", "ss", always],
  ["ies", "i", always],
  ["ss", "ss", always],
  ["s", "", always],
]);

const doubleSuffixes = byLastLetter([
  ["ational", "ate", hasMeasure],
  ["tional", "tion", hasMeasure],
  ["enci", "ence", hasMeasure],
  ["anci", "ance", hasMeasure],
  ["izer", "ize", hasMeasure],
  ["bli", "ble", hasMeasure],
  ["alli", "al", hasMeasure],
  ["entli", "ent", hasMeasure],
  ["eli", "e", hasMeasure],
  ["ousli", "ous", hasMeasure],
  ["ization", "ize", hasMeasure],
  ["ation", "ate", hasMeasure],
  ["ator", "ate", hasMeasure],
  ["alism", "al", hasMeasure],
  ["iveness", "ive", hasMeasure],
  ["fulness", "ful", hasMeasure],
  ["ousness", "ous", hasMeasure],
  ["aliti", "al", hasMeasure],
  ["iviti", "ive", hasMeasure],
  ["biliti", "ble", hasMeasure],
  ["fulli", "ful", hasMeasure],
  ["logi", "log", (stem) => hasMeasure(`${stem}l`)], // the l belongs to the stem here
]);

const adjectiveSuffixes = byLastLetter([
  ["icate", "ic", hasMeasure],
  ["ative", "", hasMeasure],
  ["alize", "al", hasMeasure],
  ["iciti", "ic", hasMeasure],
  ["ical", "ic", hasMeasure],
  ["ful", "", hasMeasure],
  ["ness", "", hasMeasure],
]);

const lastSuffixes = byLastLetter([
  ...["al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent"].map(dropAboveMeasure1),
  ["ion", "", (stem) => hasMeasureAbove1(stem) && /[st]$/.test(stem)],
  ...["ou", "ism", "ate", "iti", "ous", "ive", "ize"].map(dropAboveMeasure1),
]);

function byLastLetter(rules: readonly Rule[]): Rules {
  const groups = new Map<string, Rule[]>();
  for (const rule of rules) {
    const letter = rule[0].at(-1)!;
    groups.set(letter, [...(groups.get(letter) ?? []), rule]);
  }
  return groups;
}

function dropAboveMeasure1(suffix: string): Rule {
  return [suffix, "", hasMeasureAbove1];
}

/**
 * The stem of a lower-case word: `running` -> `run`, `flies` -> `fli`.
 *
 * @see Porter 1980, "An algorithm for suffix stripping"; nltk 3.10.3 nltk/stem/porter.py
 */
export function porterStem(word: string): string {
  const known = irregular.get(word);
  if (known !== undefined) return known;
  if (word.length <= 2 || !lastLetters.has(word.at(-1)!)) return word;
  let stem = withoutPastOrGerund(withoutPlural(word));
  stem = withFinalI(stem);
  stem = withoutDoubleSuffix(stem);
  stem = applyFirst(adjectiveSuffixes, stem);
  stem = applyFirst(lastSuffixes, stem);
  return withoutFinalDoubleL(withoutFinalE(stem));
}

/**
 * A prefix that every word of a stem is sure to have: the steps replace one letter at the end of what they leave, or two
 * (-biliti by -ble); the irregular words keep their first letter.
 */
export function commonStart(stem: string): string {
  return stem.slice(0, stem.length > 4 ? -2 : irregularStems.has(stem) ? 1 : Math.max(1, stem.length - 1));
}

/** The first rule whose suffix matches decides: if its condition fails, the word stays. */
function applyFirst(rules: Rules, word: string): string {
  for (const [suffix, replacement, condition] of rules.get(word.at(-1) ?? "") ?? []) {
    if (!word.endsWith(suffix)) continue;
    const stem = word.slice(0, -suffix.length);
    return condition(stem) ? stem + replacement : word;
  }
  return word;
}

/** Step 1a. */
function withoutPlural(word: string): string {
  if (!word.endsWith("s")) return word;
  if (word.length === 4 && word.endsWith("ies")) return word.slice(0, -1);
  return applyFirst(plurals, word);
}

/** Step 1b. */
function withoutPastOrGerund(word: string): string {
  if (word.endsWith("ied")) return word.slice(0, word.length === 4 ? -1 : -2);
  if (word.endsWith("eed")) return hasMeasure(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const length = word.endsWith("ed") ? 2 : word.endsWith("ing") ? 3 : 0;
  if (length === 0) return word;
  const stem = word.slice(0, -length);
  return hasVowel(stem) ? repaired(stem) : word;
}

/** Restores the end that a word had before -ed or -ing: hop(p)ing, fil(e)ing, conflat(e)d. */
function repaired(stem: string): string {
  if (stem.endsWith("at") || stem.endsWith("bl") || stem.endsWith("iz")) return `${stem}e`;
  if (endsWithDoubleConsonant(stem)) return /[lsz]$/.test(stem) ? stem : stem.slice(0, -1);
  return measure(stem, 2) === 1 && endsLikeShortWord(stem) ? `${stem}e` : stem;
}

/** Step 1c. */
function withFinalI(word: string): string {
  const last = word.length - 1;
  return last > 1 && word.endsWith("y") && isConsonant(word, last - 1) ? `${word.slice(0, -1)}i` : word;
}

/** Step 2. */
function withoutDoubleSuffix(word: string): string {
  const stem = word.endsWith("alli") && hasMeasure(word.slice(0, -4)) ? word.slice(0, -2) : word;
  return applyFirst(doubleSuffixes, stem);
}

/** Step 5a. */
function withoutFinalE(word: string): string {
  if (!word.endsWith("e")) return word;
  const stem = word.slice(0, -1);
  const m = measure(stem, 2);
  return m > 1 || (m === 1 && !endsLikeShortWord(stem)) ? stem : word;
}

/** Step 5b. */
function withoutFinalDoubleL(word: string): string {
  return word.endsWith("ll") && hasMeasureAbove1(word.slice(0, -1)) ? word.slice(0, -1) : word;
}
