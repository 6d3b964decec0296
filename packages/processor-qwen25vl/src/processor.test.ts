import { beforeAll, describe, expect, test } from "vitest";
import endToEnd from "../test/golden/processor/end-to-end.json" with { type: "json" };
import pixelRecord from "../test/golden/processor/pixels.json" with { type: "json" };
import templates from "../test/golden/tokenizer/chat-template.json" with { type: "json" };
import { clipOf, modelFiles, readPixels, withFolder } from "../test/processor-golden.ts";
import type { Message } from "./chat-template.ts";
import type { Clip } from "./clip.ts";
import { loadProcessor } from "./load-processor.ts";
import type { Processor } from "./processor.ts";
import { MediaCountError, ProcessorFileError } from "./processor-errors.ts";
import type { Rows } from "./rows.ts";

const pixels = await readPixels();
let processor: Processor;
beforeAll(async () => {
  const bounds = { image: [pixelRecord.minPixels, pixelRecord.maxPixels], video: [3136, 4704] } as const;
  processor = await withFolder(modelFiles(bounds), loadProcessor);
});

const nested = ({ data, shape: [rows, columns] }: Rows<Int32Array | Float32Array>): number[][] =>
  Array.from({ length: rows }, (_, row) => [...data.subarray(row * columns, (row + 1) * columns)]);
const sum = ({ data }: Rows<Float32Array>): number => data.reduce((total, value) => total + value, 0);

/** Solid clip of a grid's size: as large as its patches, so nothing is resized. */
const solid = (kind: Clip["kind"], [t = 0, h = 0, w = 0]: number[], extra: Partial<Clip> = {}): Clip => {
  const frames = kind === "image" ? 1 : 2 * t;
  const rgb = new Uint8Array(frames * h * w * 14 * 14 * 3).fill(128);
  return { kind, frames, height: 14 * h, width: 14 * w, rgb, minPixels: 1, ...extra };
};

interface EndToEnd {
  name: string;
  messages: Message[][];
  images: string[];
  videos: string[];
  video_metadata: { total_num_frames: number; fps: number; frames_indices: number[] }[] | null;
  texts: string[];
  input_ids: number[][];
  attention_mask: number[][];
  mm_token_type_ids: number[][];
  image_grid_thw?: number[][];
  video_grid_thw?: number[][];
  second_per_grid_ts?: number[];
  pixel_values_sum?: number;
  pixel_values_shape?: number[];
  pixel_values_videos_sum?: number;
  pixel_values_videos_shape?: number[];
}

/** Every clip belongs to the first conversation in the recorded runs. */
function clipsOf(run: EndToEnd): Clip[][] {
  const videos = run.videos.map((name, i): Clip => {
    const metadata = run.video_metadata?.[i];
    if (!metadata) return clipOf(pixels, name);
    const fps = (metadata.frames_indices.length / metadata.total_num_frames) * metadata.fps;
    return { ...clipOf(pixels, name), fps };
  });
  const first = [...videos, ...run.images.map((name) => clipOf(pixels, name))];
  return run.messages.map((_, conversation) => (conversation === 0 ? first : []));
}

describe(`the processor equals ${endToEnd.source.model} (${endToEnd.source.recordedWith})`, () => {
  test.each(endToEnd.rows as unknown as EndToEnd[])("$name", (run) => {
    // transformers 5 assumes 24 frames per second by default
    const out = processor(run.messages, clipsOf(run), { addGenerationPrompt: true, defaultFps: 24 });
    expect(out.texts).toEqual(run.texts);
    expect(nested(out.inputIds)).toEqual(run.input_ids);
    expect(nested(out.attentionMask)).toEqual(run.attention_mask);
    expect(nested(out.mmTokenTypeIds)).toEqual(run.mm_token_type_ids);
    expect(out.imageGridThw && nested(out.imageGridThw)).toEqual(run.image_grid_thw);
    expect(out.videoGridThw && nested(out.videoGridThw)).toEqual(run.video_grid_thw);
    expect(out.secondPerGridTs && [...out.secondPerGridTs]).toEqual(run.second_per_grid_ts);
    expect(out.pixelValues?.shape).toEqual(run.pixel_values_shape);
    expect(out.pixelValuesVideos?.shape).toEqual(run.pixel_values_videos_shape);
    if (out.pixelValues) expect(sum(out.pixelValues)).toBeCloseTo(run.pixel_values_sum!, 2);
    if (out.pixelValuesVideos) expect(sum(out.pixelValuesVideos)).toBeCloseTo(run.pixel_values_videos_sum!, 2);
  });
});

interface Rendering {
  messages: Message[];
  add_generation_prompt?: boolean;
  add_vision_id?: boolean;
  ids: number[];
  expanded_ids: number[];
  image_grid_thw: number[][];
  video_grid_thw: number[][];
}

describe("ids and expanded ids of the recorded conversations", () => {
  test.each(templates.vision as unknown as Rendering[])("$messages", (row) => {
    const options = {
      addGenerationPrompt: row.add_generation_prompt ?? false,
      addVisionId: row.add_vision_id ?? false,
    };
    const images = row.image_grid_thw.map((grid) => solid("image", grid));
    const videos = row.video_grid_thw.map((grid) => solid("video", grid));
    const out = processor([row.messages], [[...images, ...videos]], options);
    expect(processor.tokenizer.encode(out.texts[0]!)).toEqual(row.ids);
    expect(nested(out.inputIds)).toEqual([row.expanded_ids]);
  });
});

describe("a batch of conversations with several images and videos each", () => {
  const media = (...kinds: Clip["kind"][]): Message[] => [{ role: "user", content: kinds.map((type) => ({ type })) }];
  const messages = [media("video", "image", "video"), [{ role: "user", content: "hi" }], media("image", "image")];
  const small = solid("image", [1, 2, 2]);
  const clips = [
    [small, solid("video", [2, 2, 4], { fps: 4 }), solid("video", [1, 4, 2])],
    [],
    [solid("image", [1, 2, 6]), small],
  ];

  test("order is that of the conversations, images apart from videos", () => {
    const out = processor(messages, clips);
    expect(nested(out.imageGridThw!)).toEqual([
      [1, 2, 2],
      [1, 2, 6],
      [1, 2, 2],
    ]);
    expect(nested(out.videoGridThw!)).toEqual([
      [2, 2, 4],
      [1, 4, 2],
    ]);
    expect([...out.secondPerGridTs!]).toEqual([0.5, 1]);
    expect(out.pixelValues!.shape).toEqual([4 + 12 + 4, 1176]);
    expect(out.pixelValuesVideos!.shape).toEqual([16 + 8, 1176]);
    const pads = nested(out.mmTokenTypeIds).map((row) => row.filter((type) => type > 0).join(""));
    expect(pads).toEqual(["2222122", "", "1111"]);
  });

  test("left and right padding hold the same rows", () => {
    const sides = (["left", "right"] as const).map((paddingSide) => processor(messages, clips, { paddingSide }));
    const [left, right] = sides.map(({ inputIds, attentionMask }) => {
      const mask = nested(attentionMask);
      return nested(inputIds).map((ids, row) => ids.filter((_, i) => mask[row]![i] === 1));
    });
    expect(left).toEqual(right);
    const [leftMask = [], rightMask = []] = sides.map(({ attentionMask }) => nested(attentionMask)[1]!);
    expect([leftMask[0], leftMask.at(-1), rightMask[0], rightMask.at(-1)]).toEqual([0, 1, 1, 0]);
    expect(nested(sides[0]!.inputIds)[1]![0]).toBe(151643);
  });

  test("a row equals the row processed alone", () => {
    const batch = processor(messages, clips);
    const alone = processor([messages[2]!], [clips[2]!]);
    const mask = nested(batch.attentionMask)[2]!;
    expect(nested(batch.inputIds)[2]!.filter((_, i) => mask[i] === 1)).toEqual(nested(alone.inputIds)[0]);
    expect([...batch.pixelValues!.data.subarray(4 * 1176)]).toEqual([...alone.pixelValues!.data]);
  });

  test("rows processed one by one make the same batch", () => {
    const rows = messages.map((turns, i) => processor.row(turns, clips[i]));
    for (const paddingSide of ["left", "right"] as const) {
      expect(processor.batch(rows, { paddingSide })).toEqual(processor(messages, clips, { paddingSide }));
    }
  });

  test("patches are not copied where one row alone has videos, or images", () => {
    const rows = messages.slice(0, 2).map((turns, i) => processor.row(turns, clips[i]));
    const batch = processor.batch(rows);
    expect(batch.pixelValuesVideos).toBe(rows[0]!.pixelValuesVideos);
    expect(batch.pixelValues).toBe(rows[0]!.pixelValues);
  });

  test("a row moves to another thread without a copy", () => {
    const row = processor.row(messages[0]!, clips[0]);
    const { inputIds, pixelValues, imageGridThw, pixelValuesVideos, videoGridThw, secondPerGridTs } = row;
    const media = [pixelValues!.data, imageGridThw!.data, pixelValuesVideos!.data, videoGridThw!.data];
    const transfer = [inputIds, ...media, secondPerGridTs!].map(({ buffer }) => buffer as ArrayBuffer);
    const moved = structuredClone(row, { transfer });
    expect(moved).toEqual(processor.row(messages[0]!, clips[0]));
    expect([...media, inputIds].map(({ length }) => length)).toEqual([0, 0, 0, 0, 0]);
  });

  test("a conversation processed alone has no number in its error", () => {
    expect(() => processor.row(media("image"))).toThrow(
      "The conversation: 1 image placeholder(s) in the text, 0 image",
    );
  });

  test.each([
    [1, [[small], [small], []], [media("image"), [{ role: "user", content: "hi" }], media("image")], "image", 0, 1],
    [2, [[small], [], []], [media("image"), [{ role: "user", content: "hi" }], media("video")], "video", 1, 0],
    [0, [[]], [[{ role: "user", content: "what is <|image_pad|> ?" }]], "image", 1, 0],
  ] as const)(
    "conversation %i with too few or too many is named",
    (conversation, lists, batch, kind, placeholders, given) => {
      const run = () => processor(batch, lists);
      expect(run).toThrow(MediaCountError);
      expect(run).toThrow(
        `Conversation ${conversation}: ${placeholders} ${kind} placeholder(s) in the text, ${given} ${kind} clip(s)`,
      );
    },
  );

  test("a list of clips per conversation is needed", () => {
    expect(() => processor(messages, [[]])).toThrow("3 conversations but 1 lists of clips");
  });
});

test("a tokenizer without placeholders is refused when loading", async () => {
  const vocab = { a: 0 };
  const files = {
    ...modelFiles({ image: [1, 1], video: [1, 1] }),
    "tokenizer.json": { model: { type: "WordLevel", vocab, unk_token: "a" }, pre_tokenizer: { type: "Whitespace" } },
  };
  await withFolder(files, async (folder) => {
    const failure = loadProcessor(folder);
    await expect(failure).rejects.toThrow(ProcessorFileError);
    await expect(failure).rejects.toThrow("has no token <|image_pad|>");
  });
});
