/// <reference lib="dom" />
import { type OutputPiece, outputPieces } from "../shared/output-pieces.ts";
import { element } from "./element.ts";

/** An output as it was written: thinking folded, answers framed, tags shown. */
export function outputText(output: string, isRight: boolean): HTMLElement {
  if (output === "") return element("span", { className: "none", text: "(empty)" });
  return element(
    "div",
    {},
    outputPieces(output).flatMap((piece) => pieceNodes(piece, isRight)),
  );
}

function pieceNodes({ kind, open, text, close }: OutputPiece, isRight: boolean): Node[] {
  const tag = (text: string) => element("span", { className: "tag", text });
  if (kind === "text") return [new Text(text)];
  if (kind === "answer") {
    const verdict = isRight ? "right" : "wrong";
    return [tag(open), element("b", { className: `final ${verdict}`, text }), tag(close)];
  }
  const ends = close === "" ? ", cut off" : "";
  return [
    element("details", { className: "thinking" }, [
      element("summary", { className: "fold", text: `${open} ${text.length} characters${ends}` }),
      element("div", { className: "think", text }),
      tag(close),
    ]),
  ];
}
