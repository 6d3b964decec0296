/** A piece of what a model wrote, with the tags around it; open + text + close of all pieces are the output. */
export interface OutputPiece {
  kind: "text" | "thinking" | "answer";
  open: string;
  text: string;
  /** "" where the output ends before. */
  close: string;
}

/** An output as texts, thinking and answers, in its order. */
export function outputPieces(output: string): OutputPiece[] {
  const pieces: OutputPiece[] = [];
  let end = 0;
  const push = (text: string) => text !== "" && pieces.push({ kind: "text", open: "", text, close: "" });
  for (const { 0: whole, 1: tag, 2: text, 3: close, index } of output.matchAll(
    /<(think|answer)>([\s\S]*?)(<\/\1>|$)/g,
  )) {
    push(output.slice(end, index));
    pieces.push({ kind: tag === "think" ? "thinking" : "answer", open: `<${tag}>`, text: text!, close: close! });
    end = index + whole.length;
  }
  push(output.slice(end));
  return pieces;
}
