import { strip } from "@videor1/rewards";

const [open, close] = ["<answer>", "</answer>"];

/** What the last `<answer>…</answer>` holds, where each block ends at the first closing tag; `undefined` without one. */
export function lastAnswerBlock(output: string): string | undefined {
  let block: string | undefined;
  for (let end = 0; ; ) {
    const start = output.indexOf(open, end);
    const stop = start < 0 ? -1 : output.indexOf(close, start + open.length);
    if (stop < 0) return block;
    block = strip(output.slice(start + open.length, stop));
    end = stop + close.length;
  }
}
