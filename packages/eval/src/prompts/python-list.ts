/** A list of texts as Python's `str` prints it: in single quotes, or in double ones where a text holds a single quote alone. */
export const pythonList = (texts: readonly string[]): string => `[${texts.map(pythonText).join(", ")}]`;

function pythonText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t")
    .replaceAll(quote, `\\${quote}`);
  return `${quote}${escaped}${quote}`;
}
