/** What pandas reads as no value. */
const noValues = new Set(
  "#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null".split("|"),
);
const longestCell = 32_767; // UTF-16 units
const escapeLike = /_x[0-9a-fA-F]{4}_/g;
const escaped = "[\\0-\\x08\\x0b-\\x1f\\ufffe\\uffff]";
const escapedCharacters = new RegExp(escaped, "g");

/**
 * A reply as VLMEvalKit's default files give it back: xlsxwriter writes an .xlsx file, openpyxl and pandas read it. `undefined`,
 * pandas' NaN, for an empty one and for "N/A", "None", "nan" and the like; control characters come back as `_x000D_`, and a long
 * reply is cut. Replies that are all numbers would come back as numbers; one reply alone cannot show that.
 */
export function throughXlsx(reply: string): string | undefined {
  const written = reply
    .slice(0, longestCell)
    .replace(/[\ud800-\udbff]$/, "")
    .replace(escapeLike, "_x005F$&")
    .replace(escapedCharacters, (character) => `_x${hex(character)}_`);
  const read = written.replaceAll("x005F_", "");
  return read === "" || noValues.has(read) ? undefined : read;
}

const hex = (character: string): string => character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
