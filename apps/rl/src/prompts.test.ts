import type { Example, LoadedClip } from "@videor1/data";
import type { ProcessorConfig } from "@videor1/processor-qwen25vl";
import { expect, test } from "vitest";
import { clipOrders } from "./clip-orders.ts";
import { RlConfig } from "./config.ts";
import { tgrpoOptions } from "./options.ts";
import type { PolicyInput } from "./policy.ts";
import { preparePrompt } from "./prompts.ts";

/** A processor whose ids are the bytes of the frames. */
const processor: Parameters<typeof preparePrompt>[3] = {
  row(turns, clips = []) {
    return { text: JSON.stringify(turns), inputIds: Int32Array.from(clips[0]!.rgb) };
  },
};

const data = { records: "rl.json", media: { mediaRoot: "media" } };
const configOf = (tgrpo: object = {}) => RlConfig.parse({ model: "model", outputDir: "out", data, tgrpo });

/** @param looks - The value of frame f. */
function prepare(dataType: "image" | "video", { seed = 1, tgrpo = {}, looks = (f: number) => f } = {}) {
  const frames = dataType === "video" ? 8 : 1;
  const clip: LoadedClip = {
    rgb: Uint8Array.from({ length: 3 * frames }, (_, i) => looks(Math.floor(i / 3))), // frame f is one pixel of value f
    frames,
    height: 1,
    width: 1,
    kind: dataType,
    indices: Array.from({ length: frames }, (_, f) => 2 * f),
    ...(dataType === "video" && { timestamps: Array.from({ length: frames }, (_, f) => f / 3) }),
    minPixels: 1,
    maxPixels: 1,
    resizeRules: "qwenVlUtils",
  };
  const rest = { options: [], path: "./v.mp4", dataSource: "test", solution: "<answer>1</answer>" };
  const example: Example = { problemId: 1, problem: "how many?", problemType: "numerical", dataType, ...rest };
  const config = configOf(tgrpo);
  const orders = clipOrders({ example, clips: [clip], seed }, config.tgrpo, { video: {} } as ProcessorConfig);
  const media = { ...orders, framesHash: "hash" };
  return preparePrompt({ id: "1/0/0", example, media, seed }, config, tgrpoOptions(config), processor);
}

function prepareVideo(options: Parameters<typeof prepare>[1] = {}) {
  const prompt = prepare("video", options);
  return prompt.kind === "video" ? prompt : expect.unreachable();
}

const pixels = ({ row }: PolicyInput) => [...row.inputIds].filter((_, i) => i % 3 === 0);

test("the permuted form asks the same of the same frames in another order", () => {
  const { id, ordered, permuted, permutation, frameIndices, frameSeconds } = prepareVideo();
  expect(id).toBe("1/0/0");
  expect(frameIndices).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
  expect(frameSeconds.slice(0, 3)).toEqual([0, 0.333, 0.667]);
  expect(pixels(ordered)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(permutation).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(pixels(permuted!)).toEqual(permutation);
  expect(permuted!.row.text).toEqual(ordered.row.text);
});

test("8 completions in order, 4 shuffled, each with a seed of its own", () => {
  const { ordered, permuted } = prepareVideo();
  const seeds = [...ordered.seeds, ...permuted!.seeds];
  expect([ordered.seeds.length, permuted!.seeds.length, new Set(seeds).size]).toEqual([8, 4, 12]);
});

test("all of it depends on the job's seed alone", () => {
  expect(prepare("video")).toEqual(prepare("video"));
  expect(prepare("video", { seed: 2 }).permutation).not.toEqual(prepare("video").permutation);
});

test("an image has no permuted form, and no video has one under plain GRPO; the input in order stays the same", () => {
  expect(prepare("image")).toMatchObject({ kind: "image", permutation: null, frameIndices: [0], frameSeconds: [null] });
  const plain = prepareVideo({ tgrpo: { temporal: "none" } });
  expect(plain.permutation).toBeNull();
  expect(plain).not.toHaveProperty("permuted");
  expect(plain.ordered).toEqual(prepareVideo().ordered);
});

test("order contrast compares with the reversed clip, to which nobody answers; its control draws whose bonus is whose", () => {
  const contrast = prepareVideo({ tgrpo: { temporal: "contrast" } });
  expect(contrast.permutation).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
  expect(pixels(contrast.permuted!)).toEqual(contrast.permutation);
  expect(contrast.permuted!.seeds).toEqual([]);
  expect(contrast.ordered).toEqual(prepareVideo().ordered);
  expect(contrast.bonusOrder).toBeNull();
  const control = prepareVideo({ tgrpo: { temporal: { kind: "contrast", assignment: "permuted" } } });
  expect(control.bonusOrder!.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(control).toEqual({ ...contrast, bonusOrder: control.bonusOrder });
});

test("a clip that looks the same backwards is known by its bytes, and so is a static one in any order", () => {
  const isSymmetric = (looks: (f: number) => number, temporal: unknown) =>
    prepareVideo({ looks, tgrpo: { temporal } }).isSymmetric;
  const palindrome = (f: number) => Math.min(f, 7 - f);
  expect(isSymmetric(palindrome, "contrast")).toBe(true);
  expect(isSymmetric((f) => f, "contrast")).toBe(false);
  expect(isSymmetric(() => 5, { kind: "contrast", counterfactual: "shuffle" })).toBe(true);
  expect(isSymmetric(palindrome, { kind: "contrast", counterfactual: "reversePairs" })).toBe(false);
});
