/// <reference lib="dom" />
import type { MarkedWord } from "../notes.ts";
import { element } from "./element.ts";

/** A completion as it was sampled, with thought and answer styled apart and some words marked. */
export function answerText(text: string, right: boolean, words: readonly MarkedWord[]): HTMLElement {
  const pieces: Node[] = [];
  let end = 0;
  for (const { 0: whole, 1: tag, 2: inside, index } of text.matchAll(/<(think|answer)>(.*?)<\/\1>/gs)) {
    pieces.push(...marked(text.slice(end, index), words), ...tagged(tag!, inside!, right, words));
    end = index + whole.length;
  }
  pieces.push(...marked(text.slice(end), words));
  return element("span", {}, pieces);
}

function marked(text: string, words: readonly MarkedWord[]): Node[] {
  if (words.length === 0) return [new Text(text)];
  const pattern = new RegExp(`\\b(${words.map(({ word }) => word.replaceAll(/[^\w\s]/g, "\\$&")).join("|")})\\b`, "i");
  return text.split(pattern).map((piece, i) => {
    if (i % 2 === 0) return new Text(piece);
    const { about = "" } = words.find(({ word }) => word.toLowerCase() === piece.toLowerCase()) ?? {};
    return element("mark", { text: piece, attributes: { title: about } });
  });
}

function tagged(tag: string, inside: string, right: boolean, words: readonly MarkedWord[]): Node[] {
  const verdict = right ? "right" : "wrong";
  const body =
    tag === "think"
      ? element("span", { className: "think" }, marked(inside.trim(), words))
      : element("b", {
          className: `final ${verdict}`,
          text: inside.trim(),
          attributes: { title: `${verdict} answer` },
        });
  return [
    element("span", { className: "tag", text: `<${tag}>` }),
    body,
    element("span", { className: "tag", text: `</${tag}>` }),
  ];
}
