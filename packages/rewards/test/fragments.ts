import fc from "fast-check";

/** Python's white space as a class for a regular expression, spelled out anew to check the package's own. */
export const pythonSpace =
  "[\\u0009-\\u000d\\u001c-\\u001f\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";

/** Texts made of tags, broken tags, white space of both languages and letters: most are nearly well formed. */
export const fragments = fc
  .array(
    fc.constantFrom("<think>", "</think>", "<answer>", "</answer>", "<answer", "/", "a", " ", "\n", "\x1c", "\ufeff"),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));
