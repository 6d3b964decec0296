/** The letter of the option at an index, from A. */
export const optionLetter = (index: number): string => String.fromCharCode(65 + index);
