/**
 * What Video-MME's script, and VLMEvalKit after it, cut out of a reply before they look for a letter. Two commas are missing in
 * their lists, so that four of the prefixes are two that nobody writes.
 */
export const answerPrefixes = [
  "The best answer is",
  "The correct answer is",
  "The answer is",
  "The answer",
  "The best option isThe correct option is",
  "Best answer:Best option:",
  "Answer:",
  "Option:",
];
