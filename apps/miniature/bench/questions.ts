/** Drawn questions as messages and clips, without files. */
import type { Message } from "@videor1/data";
import type { Clip } from "@videor1/processor-qwen25vl";
import { randomStream } from "@videor1/random";
import { accuracyReward, formatReward } from "@videor1/rewards";
import { frameBytes, nativeFrames, size } from "../src/tasks/canvas.ts";
import { type Item, tasks } from "../src/tasks/index.ts";

/** A clip of 8 of the 16 drawn frames, as npm start samples them. */
export function clipOf({ frames, dataType }: Item): Clip {
  const kept = frames.count === 1 ? [0] : Array.from({ length: 8 }, (_, i) => Math.round((i * (nativeFrames - 1)) / 7));
  const rgb = new Uint8Array(kept.length * frameBytes);
  for (const [to, from] of kept.entries())
    rgb.set(frames.rgb.subarray(from * frameBytes, (from + 1) * frameBytes), to * frameBytes);
  return { kind: dataType, rgb, frames: kept.length, height: size, width: size, fps: 2 };
}

/** Item `i`; every task in turn. */
export const draw = (i: number): Item => {
  const names = Object.keys(tasks);
  return tasks[names[i % names.length]!]!.make(randomStream(0, "bench", i), { cue: 0.75 });
};
export const questionOf = (item: Item): Message[] => [
  {
    role: "user",
    content: [{ type: item.dataType }, { type: "text", text: [item.problem, ...item.options].join("\n") }],
  },
];
export const answerOf = (item: Item): string => `<think>${item.thought}</think>\n<answer>${item.answer}</answer>`;

/** Every text of an item that a tokenizer must know. */
export const textsOf = ({ problem, options, thought, answer }: Item): string[] => [
  problem,
  ...options,
  thought,
  answer,
];

/** The rule rewards of an answer. */
export const scoreOf = (text: string, { answer }: Item) => ({
  accuracy: accuracyReward(text, `<answer>${answer}</answer>`, "free-form", { rules: "video-r1" }),
  format: formatReward(text, { rules: "video-r1" }),
});
