import type { Example, LoadedClip } from "@videor1/data";
import { beforeEach, expect, test } from "vitest";
import { RlConfig } from "./config.ts";
import { tgrpoOptions } from "./options.ts";
import type { PolicyInput } from "./policy.ts";
import { preparePrompt } from "./prompts.ts";

/** A processor that counts: it does not resize, and its ids are the bytes of the frames. */
const calls = { resize: 0, row: 0 };
const processor: Parameters<typeof preparePrompt>[3] = {
  resize(clip) {
    calls.resize++;
    return { ...clip, resized: true };
  },
  row(turns, [clip] = []) {
    calls.row++;
    expect(clip!.resized).toBe(true);
    return { text: JSON.stringify(turns), inputIds: Int32Array.from(clip!.rgb) };
  },
};
beforeEach(() => {
  calls.resize = 0;
  calls.row = 0;
});
const data = { records: "rl.json", media: { mediaRoot: "media" } };
const configOf = (tgrpo: object = {}) => RlConfig.parse({ model: "model", outputDir: "out", data, tgrpo });

function prepare(dataType: "image" | "video", { seed = 1, tgrpo = {} } = {}) {
  const frames = dataType === "video" ? 8 : 1;
  const clip: LoadedClip = {
    rgb: Uint8Array.from({ length: 3 * frames }, (_, i) => Math.floor(i / 3)), // frame f is one pixel of value f
    ...{ frames, height: 1, width: 1, kind: dataType, indices: Array.from({ length: frames }, (_, f) => 2 * f) },
    ...{ minPixels: 1, maxPixels: 1, resizeRules: "qwenVlUtils" as const },
  };
  const rest = { options: [], path: "./v.mp4", dataSource: "test", solution: "<answer>1</answer>" };
  const example: Example = { problemId: 1, problem: "how many?", problemType: "numerical", dataType, ...rest };
  const config = configOf(tgrpo);
  return preparePrompt({ example, clip, seed }, config, tgrpoOptions(config), processor);
}

const pixels = ({ row }: PolicyInput) => [...row.inputIds].filter((_, i) => i % 3 === 0);

test("a video's twin asks the same of the same frames in another order", () => {
  const { prompt, permutation, frameIndices } = prepare("video");
  if (prompt.kind !== "video") return expect.unreachable();
  expect(frameIndices).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
  expect(pixels(prompt.ordered)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(permutation).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(pixels(prompt.permuted!)).toEqual(permutation);
  expect(prompt.permuted!.row.text).toEqual(prompt.ordered.row.text);
});

test.each([
  ["video", {}, 2],
  ["video", { temporal: "none" }, 1],
  ["image", {}, 1],
] as const)(
  "a %s under %j is resized once and processed %i times, once for each order of its frames",
  (kind, tgrpo, rows) => {
    prepare(kind, { tgrpo });
    expect(calls).toEqual({ resize: 1, row: rows });
  },
);

test("8 answers in order, 4 shuffled, each with a seed of its own", () => {
  const { prompt } = prepare("video");
  if (prompt.kind !== "video") return expect.unreachable();
  const seeds = [...prompt.ordered.seeds, ...prompt.permuted!.seeds];
  expect([prompt.ordered.seeds.length, prompt.permuted!.seeds.length, new Set(seeds).size]).toEqual([8, 4, 12]);
});

test("all of it depends on the job's seed alone", () => {
  expect(prepare("video")).toEqual(prepare("video"));
  expect(prepare("video", { seed: 2 }).permutation).not.toEqual(prepare("video").permutation);
});

test("an image has no twin, and no video has one under plain GRPO; the answers in order stay the same", () => {
  expect(prepare("image")).toMatchObject({ prompt: { kind: "image" }, permutation: null, frameIndices: [0] });
  const plain = prepare("video", { tgrpo: { temporal: "none" } });
  expect(plain.permutation).toBeNull();
  expect(plain.prompt).not.toHaveProperty("permuted");
  expect(plain.prompt.ordered).toEqual(prepare("video").prompt.ordered);
});

test("order contrast compares with the reversed clip, to which nobody answers; its control draws whose bonus is whose", () => {
  const { prompt, permutation, bonusOrder } = prepare("video", { tgrpo: { temporal: "contrast" } });
  if (prompt.kind !== "video") return expect.unreachable();
  expect(permutation).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
  expect(pixels(prompt.permuted!)).toEqual(permutation);
  expect(prompt.permuted!.seeds).toEqual([]);
  expect(prompt.ordered).toEqual(prepare("video").prompt.ordered);
  expect(bonusOrder).toBeNull();
  const control = prepare("video", { tgrpo: { temporal: { kind: "contrast", assignment: "permuted" } } });
  expect(control.bonusOrder!.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(control.prompt).toEqual(prompt);
});
