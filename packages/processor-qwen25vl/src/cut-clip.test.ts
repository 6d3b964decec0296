import { beforeAll, describe, expect, test } from "vitest";
import { clipOf, modelFiles, type Pixels, readPixels, withFolder } from "../test/processor-golden.ts";
import type { Message } from "./chat-template.ts";
import type { Clip } from "./clip.ts";
import { cutClip, cutPermuted } from "./cut-clip.ts";
import { loadProcessor } from "./load-processor.ts";
import type { Processor } from "./processor.ts";

let pixels: Pixels;
let processor: Processor;
beforeAll(async () => {
  pixels = await readPixels();
  processor = await withFolder(modelFiles({ image: [3136, 12544], video: [3136, 4704] }), loadProcessor);
});

const ask = (...kinds: Clip["kind"][]): Message[] => [
  { role: "user", content: [...kinds.map((type) => ({ type })), { type: "text", text: "What happens?" }] },
];

/** The first frames of a clip, in another order. */
function inOrder(clip: Clip, order: readonly number[]): Clip {
  const bytes = clip.height * clip.width * 3;
  const rgb = Uint8Array.from(order.flatMap((f) => [...clip.rgb.subarray(f * bytes, (f + 1) * bytes)]));
  return { ...clip, rgb, frames: order.length };
}

test("a row of clips that were cut ahead is that of the clips; one clip's patches are taken as they are", () => {
  const clips = [clipOf(pixels, "v5_60x80"), inOrder(clipOf(pixels, "v5_60x80"), [4, 2, 0])];
  const cut = clips.map((clip) => cutClip(clip, processor.config));
  const questions = [ask("video"), ask("video", "video")];
  for (const [i, question] of questions.entries())
    expect(processor.row(question, cut.slice(0, i + 1))).toEqual(processor.row(question, clips.slice(0, i + 1)));
  expect(processor.row(questions[0]!, cut.slice(0, 1)).pixelValuesVideos!.data).toBe(cut[0]!.cut!.rows);
  for (const { cut: patches } of cut) patches!.rows.fill(7);
  expect(processor.row(questions[1]!, cut).pixelValuesVideos!.data.every((value) => value === 7)).toBe(true);
});

test("patches of other frames are left alone", () => {
  const clip = cutClip(clipOf(pixels, "v5_60x80"), processor.config);
  const other = inOrder(clip, [1, 0, 2, 3, 4]);
  const plain = { ...other };
  delete plain.cut;
  expect(processor.row(ask("video"), [other])).toEqual(processor.row(ask("video"), [plain]));
  expect(processor.row(ask("video"), [other])).not.toEqual(processor.row(ask("video"), [clip]));
});

describe("the patches of permuted frames are those of permuting first", () => {
  test.each([
    ["an odd number, whose last frame is repeated", [3, 0, 4, 2, 1]],
    ["the last frame stays", [1, 0, 3, 2, 4]],
    ["an even number", [3, 1, 0, 2]],
    ["pairs stay whole", [2, 3, 0, 1]],
    ["one frame", [0]],
  ])("%s", (_, order) => {
    const ordered = cutClip(inOrder(clipOf(pixels, "v5_60x80"), order.toSorted()), processor.config);
    const permuted = cutPermuted(ordered, inOrder(ordered, order), order, processor.config);
    expect(permuted.cut!.rgb).toBe(permuted.rgb);
    const { cut: stale, ...plain } = inOrder(ordered, order);
    expect(stale!.rgb).not.toBe(plain.rgb);
    const fresh = cutClip<Clip>(plain, processor.config).cut!.rows;
    expect(Buffer.from(permuted.cut!.rows.buffer).equals(Buffer.from(fresh.buffer))).toBe(true);
  });
});
