// Free-form and OCR in all scripts: what is the same text, and what is not.
import { describe, expect, test } from "vitest";
import { accuracyReward } from "../../src/index.ts";

type Agreement = "one" | "less" | "zero" | "some";

function expectAgreement(accuracy: number, agreement: Agreement): void {
  if (agreement === "one") expect(accuracy).toBeCloseTo(1, 12);
  else if (agreement === "zero") expect(accuracy).toBe(0);
  else if (agreement === "some") expect(accuracy).toBeGreaterThan(0);
  else expect(accuracy).toBeLessThan(1 - 1e-9);
}

describe.each<["free-form" | "OCR", [string, string, Agreement][]]>([
  [
    "free-form",
    [
      ["向左转 now", "向右转 now", "less"],
      ["สวัสดีครับ", "สวัสดีค่ะ", "less"],
      ["x=5", "x≠5", "less"],
      ["5 m", "−5 m", "less"],
      ["a ∧ b", "a ∨ b", "less"],
      ["∀x", "∃x", "less"],
      ["10 km", "10³ km", "less"],
      ["A♯", "A♭", "less"],
      ["😀", "😢", "zero"],
      ["C#", "C", "less"],
      ["H₂O is", "H2O is", "less"],
      ["Ｒｏｏｍ １２", "room 12", "one"],
      ["ROOM 12", "room 12", "one"],
      ["naïve idea", "naive idea", "less"],
      ["नमस्ते दुनिया", "नमस्ते भारत", "less"],
      ["שלום עולם", "שלום עולם", "one"],
      ["שלום עולם", "להתראות עולם", "less"],
      ["1:0 win", "0:1 win", "less"],
      ["3 > 2", "2 > 3", "less"],
      ["a, b and c", "a b and c", "one"],
      ["not red", "red", "less"],
      ["5.5 m", "55 m", "less"],
      ["1,000 m", "1000 m", "less"],
      ["he's", "hes", "less"],
      ["$5 now", "€5 now", "less"],
      ["50% off", "50 off", "less"],
      ["+5 now", "-5 now", "less"],
      ["(a) b", "a b", "one"],
      ["٣ قطط", "٤ قطط", "less"],
      ["한국어 문장", "한국어 단어", "less"],
      ["ひらがな", "カタカナ", "less"],
      ["Straße hier", "Strasse hier", "less"],
      ["İstanbul var", "istanbul var", "some"],
      ["ǅ x", "ǆ x", "one"],
      ["ﬁne day", "fine day", "one"],
      ["a\u0301 b", "á b", "one"],
    ],
  ],
  [
    "OCR",
    [
      ["a b", "a b", "one"],
      ["A b", "a b", "less"],
      ["a  b", "a b", "one"],
      ["a\u00a0b", "a b", "one"],
      ["10\u202f000", "10 000", "one"],
      ["a\u200bb", "ab", "one"],
      ["“a”", '"a"', "one"],
      ["a–b", "a-b", "less"],
      ["你好", "你好", "one"],
      ["你", "你好", "less"],
      ["ａ", "a", "one"],
      ["①", "1", "less"],
      ["x²", "x2", "less"],
      ["½", "1/2", "less"],
      ["Ⅳ", "IV", "one"],
      ["ﬃ", "ffi", "one"],
      ["é", "e\u0301", "one"],
      ["", "a", "zero"],
      ["a a", "a", "zero"],
      ["ไทย", "ไทย", "one"],
      ["مرحبا", "مرحبا", "one"],
      ["مَرحبا", "مرحبا", "less"],
      ["日本 語", "日本語", "one"],
      ["日本語", "日本 語", "one"],
      ["…", "...", "one"],
      ["a\nb", "a b", "one"],
      ["‐", "-", "less"],
    ],
  ],
])("%s", (type, rows) => {
  test.each(rows)("%j for %j: %s", (answer, truth, agreement) => {
    expectAgreement(accuracyReward(`<answer>${answer}</answer>`, `<answer>${truth}</answer>`, type), agreement);
  });
});
