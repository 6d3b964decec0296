/** A character of `\w`: a letter, anything numeric or an underscore, of any script. */
export const wordCharacter = "[\\p{L}\\p{N}_]";

/** `\b`, whose words may be of any script; JavaScript's knows ASCII alone. For regular expressions with the flag u. */
export const wordBoundary = `(?:(?<=${wordCharacter})(?!${wordCharacter})|(?<!${wordCharacter})(?=${wordCharacter}))`;

/** `\d`: the decimal digits of any script. */
export const digit = "\\p{Nd}";
