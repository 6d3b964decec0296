// A separate entry point: what the safe rules see in an answer, for those who score otherwise.
export { choiceLetter } from "./graders/choice-letter.ts";
export { chosenOption } from "./graders/chosen-option.ts";
export { dropMarkup } from "./graders/drop-markup.ts";
export { numberWithUnit } from "./graders/number-with-unit.ts";
export { leadingNumberWords } from "./graders/number-words.ts";
export { parseFiniteNumber } from "./graders/parse-number.ts";
export { numberForm, plainForm } from "./graders/unicode-words.ts";
export { isBlank } from "./python-text.ts";
