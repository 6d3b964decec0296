import type { Example } from "@videor1/data";

/** Question and options in small letters, without punctuation, letters of options and order of options. */
export function questionText({ problem, options }: Pick<Example, "problem" | "options">): string {
  const plain = (text: string) =>
    text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{S}]+/gu, " ")
      .trim();
  const choices = options.map((option) => plain(option.replace(/^\s*[A-Za-z][.):]\s*/, ""))).sort();
  return [plain(problem), ...choices].join("\n");
}
