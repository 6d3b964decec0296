import { describe, expect, test } from "vitest";
import { everyBenchmark, goldenJson, goldenName } from "../../test/golden.ts";
import type { BenchmarkName } from "../benchmark-name.ts";
import { benchmarks } from "../benchmarks.ts";
import { itemsOf } from "../items-of.ts";
import type { PromptContext, PromptName, RenderedPrompt } from "./prompt.ts";
import { promptItem, promptOf, promptsOf, renderPrompt } from "./render.ts";

interface GoldenPrompt {
  harness: "official" | "lmms-eval" | "vlmevalkit" | "video-r1";
  variant: string;
  item: string | number;
  prompt: string | string[];
  subtitles?: { timestamp: [number, number | null]; text: string }[];
}

const golden = goldenJson("prompts.json") as {
  lmmsModelKeys: Record<string, string[]>;
  prompts: Record<string, GoldenPrompt[]>;
};

/** Parts of a variant's name -> what our name of the prompt ends in. */
const suffixes: readonly [pattern: RegExp, suffix: string][] = [
  [/gemini_api and gpt4v/, "-api"],
  [/gemini_api/, "-gemini_api"],
  [/neo_ov/, "-neo_ov"],
  [/question only/, "-question-only"],
  [/, direct$/, "-direct"],
  [/mmvu_val_cot/, "-cot"],
  [/qwen3_vl/, "-qwen3_vl"],
  [/llava_vid/, "-llava_vid"],
  [/reasoning/, "-reasoning"],
  [/testmini_format/, "-format"],
  [/testmini_solution/, "-solution"],
];

function nameOf(name: BenchmarkName, { harness, variant }: GoldenPrompt): PromptName {
  const [, suffix = ""] = suffixes.find(([pattern]) => pattern.test(variant)) ?? [];
  const isPlain = name === "pope" && variant === "question only"; // all that POPE's authors ask
  return `${harness}${isPlain ? "" : suffix}` as PromptName;
}

const contexts: Readonly<Record<string, PromptContext>> = {
  "with subtitles (README text)": { subtitles: [{ start: 0, end: 5, text: "the kettle boils" }], frameSeconds: [1] },
  "videomme_w_subtitle, default, no subtitle file": { subtitles: null },
  "with subtitles, none found": { subtitles: null },
};

function contextOf({ variant, subtitles }: GoldenPrompt): PromptContext {
  if (!subtitles) return contexts[variant] ?? {};
  const read = subtitles.map(({ timestamp: [start, end], text }) => ({ start, end: end ?? undefined, text }));
  return { subtitles: read, frameSeconds: [0, 93, 186, 279].map((frame) => frame / 30) };
}

/** Text parts as they are, media as <video> and <image>, the beginning of the answer last. */
const partsOf = ({ messages, answerPrefix }: RenderedPrompt): string[] => [
  ...messages.flatMap(({ content }) => content.map((part) => (part.type === "text" ? part.text : `<${part.type}>`))),
  ...(answerPrefix === undefined ? [] : [answerPrefix]),
];

const judged = /judge messages/; // what a judge is asked, not the model

describe.each(everyBenchmark)("%s", (name, { files, videoR1File }) => {
  const items = new Map(itemsOf(name, files).map((item) => [item.id, item]));
  const rows = golden.prompts[goldenName(name)]!.filter(({ variant }) => !judged.test(variant));

  test.each(rows)("$harness, $variant, item $item", (row) => {
    const rendered = render(row);
    const parts = partsOf(rendered);
    if (typeof row.prompt === "string") {
      expect(parts.filter((part) => part !== "<video>" && part !== "<image>")).toEqual([row.prompt]);
      expect(parts[0]).toMatch(/^<(video|image)>$/);
    } else {
      const showsVideo = row.prompt.includes("<video>"); // MVBench's official list is of texts alone
      expect(parts.filter((part) => showsVideo || part !== "<video>")).toEqual(row.prompt);
    }
    if (!rendered.imagesAreFrames)
      expect(rendered.media.map(({ kind }) => `<${kind}>`)).toEqual(
        parts.filter((part) => /^<(video|image)>$/.test(part)),
      );
  });

  function render(row: GoldenPrompt): RenderedPrompt {
    const prompt = nameOf(name, row);
    const item = items.get(String(row.item))!;
    // The recorded item of VLMEvalKit comes from the data set, whose Adaptation records have a picture.
    const withPicture = Array.isArray(row.prompt) && row.prompt.includes("<image>") && name === "video-mmmu";
    const extra = { ...item.extra, ...(withPicture && { image: "picture.png" }) };
    return renderPrompt(benchmarks[name], prompt, { ...item, extra }, contextOf(row));
  }

  test("every prompt is recorded", () => {
    const recorded = new Set(rows.map((row) => nameOf(name, row)));
    const unrecorded = promptsOf(benchmarks[name]).filter((prompt) => !recorded.has(prompt));
    expect(unrecorded).toEqual(videoR1File ? [] : ["video-r1"]); // asked of the paper's six
  });
});

test("an item of Video-R1's file is asked by its prompt alone", () => {
  const [item] = itemsOf("mmvu", everyBenchmark.find(([name]) => name === "mmvu")![1].files);
  const { extra, ...plain } = item!;
  expect(renderPrompt(benchmarks.mmvu, "video-r1", plain).messages).toHaveLength(1);
  expect(() => renderPrompt(benchmarks.mmvu, "official", plain)).toThrow(
    "mmvu: item validation_0 holds no official record",
  );
});

test.each<[BenchmarkName, PromptName]>([
  ["egoschema", "official"],
  ["mmvu", "vlmevalkit"],
])("%s has no prompt %s", (name, prompt) => {
  expect(() => promptOf(benchmarks[name], prompt)).toThrow(`${name} has no prompt ${prompt}`);
});

test("VideoMMMU: what is shown is the lecture, its question alone, or both", () => {
  const [, { files }] = everyBenchmark.find(([name]) => name === "video-mmmu")!;
  const item = itemsOf("video-mmmu", files).find(({ id }) => id.startsWith("Adaptation/"))!;
  const withPicture = { ...item, extra: { ...item.extra, image: "picture.png" } };
  const shown = (prompt: PromptName) => promptItem(benchmarks["video-mmmu"], prompt, withPicture).media;
  const [lecture] = item.media;
  expect(shown("official")).toEqual([lecture]);
  expect(shown("official-question-only")).toEqual([
    { kind: "video", path: `question_only/${item.extra!.id}_image.mp4` },
  ]);
  expect(shown("vlmevalkit")).toEqual([lecture, { kind: "image", path: "picture.png" }]);
});
