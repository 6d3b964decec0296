const pieces = [
  "A",
  "B",
  "C",
  "D",
  "E",
  "F",
  "G",
  "J",
  "a",
  "b",
  "c",
  "Z",
  "(",
  ")",
  ".",
  ":",
  ",",
  " ",
  "\n",
  "\t",
  "\r\n",
  "\x0b",
  "\x1c",
  "\x85",
  "\u2028",
  "\ufeff",
  "\u200b",
  "é",
  "ı",
  "İ",
  "ſ",
  "K",
  "ß",
  "²",
  "٣",
  "３",
  "½",
  "Ⅳ",
  "是",
  "选",
  "答案是",
  "我选择",
  "🙂",
  "\ud835\udc00",
  "'",
  '"',
  "\\",
  "<think>",
  "</think>",
  "<answer>",
  "</answer>",
  "< answer >",
  "</ think >",
  "<analysis>",
  "</analysis>",
  "[",
  "]",
  "{",
  "}",
  "*",
  "_",
  "`",
  "#",
  "$",
  "%",
  "-",
  "+",
  "=",
  "/",
  "?",
  "!",
  ";",
  "0",
  "1",
  "2",
  "3",
  "42",
  "3.5",
  "-7",
  "1e3",
  "1,000",
  "1_0",
  ".5",
  "5.",
  "0.125",
  "2.675",
  "1e400",
  "inf",
  "nan",
  "three",
  "twenty",
  "twenty-one",
  "hundred",
  "and",
  "thousand",
  "yes",
  "no",
  "Yes",
  "No",
  "not",
  "The answer is ",
  "the correct answer is ",
  "Answer:",
  "Final answer: ",
  "The best option is",
  "Option A: ",
  "Sentence A",
  "Caption B",
  "a red kettle",
  "a green kettle",
  "a blue kettle",
  "the kettle is filling",
  "so ",
  "is ",
  "equals ",
  "total ",
  "None",
  "N/A",
  "_x000D_",
  "x005F_",
  "Failed to obtain answer via API.",
  "Cannot determine the answer",
  "O(n^2)",
  "42 kg",
  "mitral valve",
  "[1, 2]",
  "['a']",
  "i choose ",
  "답은 ",
  "答えは",
]; // what the rules look for, and characters that the two languages treat differently

/** A text made of some of the texts by random changes: splices, pieces put in, cuts, letters in another case. */
export function mutated(texts: readonly string[], uniform: () => number): string {
  const below = (limit: number): number => Math.floor(uniform() * limit);
  const any = <T>(values: readonly T[]): T => values[below(values.length)]!;
  const form = (): string =>
    any(["(L)", "L.", "L:", "L)", " L ", "L", "**L**", "[L", "L、"]).replace("L", any([..."ABCDEFGHIJabcz"]));
  let text = uniform() < 0.1 ? "" : any(texts);
  for (let left = below(uniform() < 0.5 ? 4 : 12); left > 0; left--) text = changed([...text]);
  return text;

  function changed(characters: readonly string[]): string {
    const at = uniform() < 0.3 ? characters.length : below(characters.length + 1);
    const [head, tail] = [characters.slice(0, at).join(""), characters.slice(at).join("")];
    switch (below(12)) {
      case 0:
        return uniform() < 0.5 ? head : tail;
      case 1:
        return head + characters.slice(at + 1 + below(3)).join("");
      case 2:
        return uniform() < 0.5 ? head.toUpperCase() + tail : head + tail.toLowerCase();
      case 3:
      case 4:
        return `${head} ${any(texts)} ${tail}`;
      case 5:
        return head + any(["\n", ". ", " "]) + tail;
      case 6:
      case 7:
      case 8:
        return head + form() + tail;
      default:
        return head + any(pieces) + tail;
    }
  }
}

const golds = [
  "0",
  "0.0",
  "5.0",
  "-3",
  "1e3",
  "1,000",
  "12.5",
  "٣",
  "inf",
  "1e400",
  "abc",
  "O(N²)",
  "x",
  "3 chairs",
  "1_0",
];

/** Official files as JSON, in which every option that is a kettle, and some numbers that are answers, are another text. */
export function otherTexts(
  content: string,
  texts: readonly string[],
  uniform: () => number,
  hasNumbers: boolean,
): string {
  const any = <T>(values: readonly T[]): T => values[Math.floor(uniform() * values.length)]!;
  const names = new Map<string, string>();
  const nameOf = (kettle: string): string => {
    const other = uniform() < 0.5 ? any(pieces) : uniform() < 0.5 ? mutated(texts, uniform).slice(0, 40) : kettle;
    const isUsable = other.trim() !== "" && !/[\n:]/.test(other) && ![...names.values()].includes(other);
    if (!names.has(kettle)) names.set(kettle, isUsable ? JSON.stringify(other).slice(1, -1) : kettle);
    return names.get(kettle)!;
  };
  return content
    .replace(/[Aa] (?:red|blue|green|yellow|white|black|brown|grey|pink|violet) kettle/g, nameOf)
    .replace(/"(answer|ground_truth)":"[\d.]+"/g, (same, field) =>
      uniform() < 0.5 || !hasNumbers ? same : `"${field}":${JSON.stringify(any(golds))}`,
    );
}
