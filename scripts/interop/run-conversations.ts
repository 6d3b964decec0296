// node --conditions=@videor1/source --import tsx scripts/interop/run-conversations.ts FOLDER OUT
// Runs a checkpoint folder with its tokenizer and processor (such as one that the miniature writes) on some conversations
// with made-up clips, and writes inputs and outputs to OUT.json and OUT.safetensors, for check_conversations.py.
// Shapes: F frames, h and w pixels.
import { writeFileSync } from "node:fs";
import { initEngine } from "@videor1/engine";
import { loadModel } from "@videor1/model-qwen25vl";
import { type Clip, loadProcessor, type Message } from "@videor1/processor-qwen25vl";
import { type SafetensorsTensor, writeSafetensors } from "@videor1/safetensors";

const [folder, out] = process.argv.slice(2) as [string, string];

/** A moving pattern of 8-bit values [F, h, w, 3], seeded by its sizes. */
function clip(kind: Clip["kind"], frames: number, height: number, width: number, fps?: number): Clip {
  let state = frames * height * width;
  const rgb = Uint8Array.from({ length: frames * height * width * 3 }, (_, i) => {
    state = (state * 48271) % 2147483647;
    return (i / 7 + (state % 64)) % 256;
  });
  return { kind, rgb, frames, height, width, ...(fps && { fps }) };
}

const ask = (text: string, ...kinds: Clip["kind"][]): Message[] => [
  { role: "user", content: [...kinds.map((type) => ({ type })), { type: "text", text }] },
];
const conversations: [Message[], Clip[]][] = [
  [ask("which way does the square move?\nA. left\nB. right", "video"), [clip("video", 8, 56, 56, 2)]],
  [ask("how many circles are there?", "image"), [clip("image", 1, 60, 92)]],
  [ask("which color comes last?"), []],
  [
    ask("what is new <think> here </think>, Zebra?", "image", "video", "image"),
    [clip("image", 1, 56, 112), clip("video", 5, 70, 84, 1.5), clip("image", 1, 130, 61)],
  ],
];

await initEngine({ backend: "wasm" });
const processor = await loadProcessor(folder);
const model = await loadModel(folder, { positions: "hf5" });
const messages = conversations.map(([turns]) => turns);
const clips = conversations.map(([, given]) => given);
const processed = processor(messages, clips, { addGenerationPrompt: true, paddingSide: "left" });
const logits = model.forward(processed).logits;
const { sequences } = await model.generate(processed, { maxNewTokens: 12, doSample: false, eosTokenIds: [] });

const tensors: SafetensorsTensor[] = [
  { name: "input_ids", dtype: "I32", ...processed.inputIds },
  { name: "attention_mask", dtype: "I32", ...processed.attentionMask },
  { name: "pixel_values", dtype: "F32", ...processed.pixelValues! },
  { name: "pixel_values_videos", dtype: "F32", ...processed.pixelValuesVideos! },
  { name: "image_grid_thw", dtype: "I32", ...processed.imageGridThw! },
  { name: "video_grid_thw", dtype: "I32", ...processed.videoGridThw! },
  { name: "logits", dtype: "F32", shape: logits.shape, data: logits.dataSync<"float32">() },
  ...clips.flat().map(({ rgb, frames, height, width }, i): SafetensorsTensor => {
    return { name: `clip.${i}`, dtype: "U8", shape: [frames, height, width, 3], data: rgb };
  }),
];
writeSafetensors(`${out}.safetensors`, tensors);
const described = {
  messages,
  texts: processed.texts,
  clips: clips.flat().map(({ kind, fps }) => ({ kind, fps })),
  secondPerGridTs: [...processed.secondPerGridTs!],
  greedyIds: sequences.map((ids) => [...ids]),
  greedyTexts: sequences.map((ids) => processor.tokenizer.decode([...ids], { skipSpecialTokens: true })),
};
writeFileSync(`${out}.json`, `${JSON.stringify(described)}\n`);
