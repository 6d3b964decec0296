// Consonants and vowels in the sense of Porter 1980, section 2, with the extensions of NLTK. Words are lower case.

const y = 0x79;
const vowels = [..."aeiou"].reduce((bits, letter) => bits | (1 << (letter.charCodeAt(0) - 0x61)), 0);

function isVowel(unit: number): boolean {
  return unit >= 0x61 && ((vowels >> (unit - 0x61)) & 1) === 1;
}

/** True if the letter is neither a, e, i, o, u nor a `y` after a consonant. Digits are consonants. */
export function isConsonant(word: string, index: number): boolean {
  const unit = word.charCodeAt(index);
  if (unit !== y) return !isVowel(unit);
  // Within a run of y they alternate, so the letter before the run decides.
  let start = index;
  while (start > 0 && word.charCodeAt(start - 1) === y) start--;
  const firstIsConsonant = start === 0 || isVowel(word.charCodeAt(start - 1));
  return (index - start) % 2 === 0 ? firstIsConsonant : !firstIsConsonant;
}

/** Porter's m: how often a consonant follows a vowel, as in [C](VC)^m[V]. Counts no further than `enough`. */
export function measure(word: string, enough: number): number {
  let m = 0;
  let afterVowel = false;
  for (let i = 0; i < word.length && m < enough; i++) {
    const unit = word.charCodeAt(i);
    const consonant: boolean = unit === y ? i === 0 || afterVowel : !isVowel(unit);
    if (consonant && afterVowel) m++;
    afterVowel = !consonant;
  }
  return m;
}

/** Porter's *v*. */
export function hasVowel(word: string): boolean {
  for (let i = 0; i < word.length; i++) if (!isConsonant(word, i)) return true;
  return false;
}

/** Porter's *d: the last two letters are the same consonant. */
export function endsWithDoubleConsonant(word: string): boolean {
  const last = word.length - 1;
  return last > 0 && word[last] === word[last - 1] && isConsonant(word, last);
}

/**
 * Porter's *o: consonant, vowel, consonant at the end, the last not w, x or y. NLTK adds the two-letter word of vowel and
 * consonant, whatever the consonant.
 */
export function endsLikeShortWord(word: string): boolean {
  const last = word.length - 1;
  if (last < 1 || !isConsonant(word, last) || isConsonant(word, last - 1)) return false;
  return last === 1 || (isConsonant(word, last - 2) && !"wxy".includes(word[last]!));
}
