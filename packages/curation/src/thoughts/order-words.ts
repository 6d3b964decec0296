/**
 * Words that say when or in what order: before, after, then, next, finally, later, earlier, while, during, until, followed by, at
 * the end, in the beginning, sequence and their relatives. "First, let me", "then I", "the next step" are about the reasoning and
 * do not count.
 */
const orderWord =
  /\b(?:before|after(?:wards?)?|(?<!me )first(?!,? (?:let|i|we|of all|step|thing)\b)|then(?!,? (?:the (?:correct |right )?(?:answer|option)|i|we|my|let)\b)|next(?! (?:step|to|thing)\b)|finally(?!,? (?:i|we|the answer)\b)|later|earlier|previously|subsequently|meanwhile|while|during|until|eventually|initially|followed by|preceded by|(?:at|by|near|towards?|from|in) the (?:very )?(?:start|beginning|end)|sequence|chronolog\w*|in (?:this|that|the (?:same|right|correct|following)) order|over time)\b/gi;

/** How many words of order a text has. */
export const countOrderWords = (text: string): number => text.match(orderWord)?.length ?? 0;
