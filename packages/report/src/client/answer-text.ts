/// <reference lib="dom" />
import { element } from "./element.ts";

/** An answer as it was sampled, its thought and its answer told apart, every "border" marked. */
export function answerText(text: string, right: boolean): HTMLElement {
  const pieces: Node[] = [];
  let end = 0;
  for (const { 0: whole, 1: tag, 2: inside, index } of text.matchAll(/<(think|answer)>(.*?)<\/\1>/gs)) {
    pieces.push(...plain(text.slice(end, index)), ...tagged(tag!, inside!, right));
    end = index + whole.length;
  }
  pieces.push(...plain(text.slice(end)));
  return element("span", {}, pieces);
}

function plain(text: string): Node[] {
  return text
    .split(/(\bborder\b)/i)
    .map((piece, i) =>
      i % 2 === 1 ? element("mark", { text: piece, attributes: { title: "leans on the border" } }) : new Text(piece),
    );
}

function tagged(tag: string, inside: string, right: boolean): Node[] {
  const verdict = right ? "right" : "wrong";
  const body =
    tag === "think"
      ? element("span", { className: "think" }, plain(inside.trim()))
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
