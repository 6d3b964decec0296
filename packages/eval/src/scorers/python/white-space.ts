/**
 * What Python takes for white space, in `str.isspace` and in `\s`, as a class of a regular expression. JavaScript's `\s`
 * differs: to Python U+001C to U+001F and U+0085 are white space and U+FEFF is not.
 */
export const whiteSpace = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
