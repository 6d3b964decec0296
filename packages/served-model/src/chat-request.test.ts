import { describe, expect, test } from "vitest";
import { clipsOf, pixelsOf, type RecordedBody, recorded, withoutMedia, withPixels } from "../test/recorded.ts";
import { type ChatRequest, chatRequest } from "./chat-request.ts";
import type { ChatPart, ServedClip } from "./media-parts.ts";
import type { SamplingSettings } from "./sampling.ts";

/** The settings that a recorded request was made with. */
const samplingOf = (body: RecordedBody): SamplingSettings => ({
  maxCompletionLength: body.max_completion_tokens as number,
  doSample: body.temperature !== 0,
  temperature: (body.temperature as number) || 1,
  numCompletions: body.n as number,
  ...(body.seed !== undefined && { seed: body.seed as number }),
  logprobs: true,
});

const partsOf = ({ messages }: ChatRequest): ChatPart[] => messages.flatMap(({ content }) => content as ChatPart[]);

const uuidsOf = (request: ChatRequest): string[] =>
  partsOf(request).flatMap((part) => (part.type === "text" ? [] : [part.uuid ?? "none"]));

function withoutUuids(messages: ChatRequest["messages"]): ChatRequest["messages"] {
  return JSON.parse(JSON.stringify(messages, (key, value) => (key === "uuid" ? undefined : value)));
}

const names = [
  "chat-video",
  "chat-video-greedy",
  "chat-video-n8",
  "chat-video-permuted",
  "chat-image",
  "chat-video-image",
  "chat-two-videos",
  "chat-36-frames",
  "chat-text",
];

describe("chatRequest makes the requests that a real vLLM answered", () => {
  test.each(names)("%s", async (name) => {
    const { body } = recorded(name).request;
    const clips = await clipsOf(body.messages);
    const made = await chatRequest({
      model: body.model,
      messages: withoutMedia(body.messages),
      clips,
      sampling: samplingOf(body),
      fields: { top_logprobs: body.top_logprobs },
    });
    const { messages, min_p, repetition_penalty, ...rest } = made;
    expect(await withPixels(withoutUuids(messages))).toEqual(await withPixels(body.messages));
    expect([min_p, repetition_penalty]).toEqual([0, 1]); // not recorded: the server's defaults were vLLM's
    const { messages: _, ...expected } = body;
    const io = expected.media_io_kwargs as { video: object } | undefined;
    if (io) expected.media_io_kwargs = { video: { ...io.video, num_frames: -1 } }; // recorded for 36 frames, sent always
    expect(rest).toEqual(expected);
    expect(new Set(uuidsOf(made)).size).toBe(clips.length);
    for (const uuid of uuidsOf(made)) expect(uuid).toMatch(/^[0-9a-f]{64}$/);
  });
});

const clip = (fields: Partial<ServedClip> = {}): ServedClip => ({
  kind: "video",
  rgb: Uint8Array.from({ length: 4 * 28 * 28 * 3 }, (_, i) => (i * 31 + Math.floor(i / 2352) * 7) % 256),
  frames: 4,
  height: 28,
  width: 28,
  fps: 2,
  resized: true,
  ...fields,
});
const user = (...content: ({ type: "image" } | { type: "video" } | { type: "text"; text: string })[]) => [
  { role: "user", content },
];
const question = { type: "text", text: "What happens?" } as const;
const sampling = { maxCompletionLength: 8 };
const ask = (given: Partial<Parameters<typeof chatRequest>[0]>) =>
  chatRequest({ messages: user({ type: "video" }, question), clips: [clip()], sampling, ...given });

describe("the id of a video", () => {
  const idOf = async (given: ServedClip, format: "png" | "jpeg" = "png") =>
    uuidsOf(await ask({ clips: [given], format }))[0];

  test("is that of equal frames, wherever they come from", async () => {
    expect(await idOf(clip())).toBe(await idOf(clip({ rgb: Buffer.from(clip().rgb) })));
  });

  const swapped = Uint8Array.from(clip().rgb);
  swapped.copyWithin(0, 2352, 4704);
  swapped.set(clip().rgb.subarray(0, 2352), 2352);
  test.each([
    ["another order of frames", clip({ rgb: swapped })],
    ["another rate", clip({ fps: 1 })],
    ["another shape of the same bytes", clip({ height: 14 * 2, width: 28 * 2, frames: 2 })],
  ])("changes with %s", async (_, other) => {
    expect(await idOf(other)).not.toBe(await idOf(clip()));
  });

  test("changes with a lossy format", async () => {
    expect(await idOf(clip(), "jpeg")).not.toBe(await idOf(clip()));
  });
});

describe("frames as images", () => {
  test("have their times before them, and no field that OpenAI refuses", async () => {
    const body = await ask({ dialect: "openai", sampling: { ...sampling, topK: 5, doSample: true } });
    const parts = partsOf(body);
    expect(parts.map((part) => (part.type === "text" ? part.text : Object.keys(part).join()))).toEqual(
      ["0 s:", "0.5 s:", "1 s:", "1.5 s:"].flatMap((time) => [time, "type,image_url"]).concat("What happens?"),
    );
    expect(Object.keys(body).sort()).toEqual(["max_completion_tokens", "messages", "n", "temperature", "top_p"]);
    const urls = parts.flatMap((part) => (part.type === "image_url" ? [part.image_url.url] : []));
    const shown = Buffer.concat(await Promise.all(urls.map(async (url) => (await pixelsOf(url)).rgb)));
    expect(shown.equals(clip().rgb)).toBe(true);
  });

  test("have the times of the video where they are known, else their number", async () => {
    const labels = async (given: ServedClip) => {
      const parts = partsOf(await ask({ videoAs: "frames", clips: [given] }));
      return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).slice(0, 2);
    };
    expect(await labels(clip({ timestamps: [0, 10.0333, 20, 30] }))).toEqual(["0 s:", "10.03 s:"]);
    const { fps: _, ...unknown } = clip();
    expect(await labels(unknown)).toEqual(["frame 1 of 4:", "frame 2 of 4:"]);
  });

  test("to vLLM are not resized again", async () => {
    const body = await ask({ videoAs: "frames" });
    expect(body.mm_processor_kwargs).toEqual({ do_resize: false });
    expect(body.media_io_kwargs).toBeUndefined();
  });

  test("of JPEG differ little from the pixels", async () => {
    const flat = clip({ rgb: new Uint8Array(4 * 28 * 28 * 3).fill(100) });
    const [part] = partsOf(await ask({ dialect: "openai", format: "jpeg", clips: [flat] })).slice(1);
    const url = part?.type === "image_url" ? part.image_url.url : "";
    expect(url).toMatch(/^data:image\/jpeg;base64,\/9j\//);
    for (const value of (await pixelsOf(url)).rgb) expect(Math.abs(value - 100)).toBeLessThanOrEqual(2);
  });
});

test("a clip that is not resized yet is, to multiples of 28", async () => {
  const raw = clip({ height: 50, width: 50, frames: 1, rgb: new Uint8Array(7500).fill(9), resized: false });
  const [part] = partsOf(await ask({ clips: [raw] }));
  const { height, width } = await pixelsOf(part?.type === "video_url" ? part.video_url.url : "");
  expect([height, width]).toEqual([56, 56]);
});

test("images and videos stand in the order of their parts", async () => {
  const image = clip({ kind: "image", frames: 1, rgb: new Uint8Array(2352).fill(7) });
  const parts = partsOf(
    await ask({
      messages: user({ type: "video" }, { type: "image" }, { type: "video" }, question),
      clips: [image, clip(), clip({ rgb: clip().rgb.toReversed() })],
    }),
  );
  expect(parts.map(({ type }) => type)).toEqual(["video_url", "image_url", "video_url", "text"]);
  const lastPixels = await pixelsOf(parts[2]?.type === "video_url" ? parts[2].video_url.url : "");
  expect(Buffer.from(lastPixels.rgb).equals(clip().rgb.toReversed())).toBe(true);
});

test("fields of the server's own win", async () => {
  expect(await ask({ fields: { logit_bias: { 7: -100 }, repetition_penalty: 1.1 } })).toMatchObject({
    logit_bias: { 7: -100 },
    repetition_penalty: 1.1,
  });
});

describe("what cannot be asked is refused", () => {
  test.each([
    ["a part without a clip", { clips: [] }, { code: "MEDIA_COUNT" }],
    ["a clip without a part", { messages: user(question) }, { code: "MEDIA_COUNT" }],
    [
      "videos of several rates",
      { messages: user({ type: "video" }, { type: "video" }), clips: [clip(), clip({ fps: 4 })] },
      { code: "REQUEST_IMPOSSIBLE", hint: expect.stringContaining("videoAs=frames") },
    ],
    [
      "a token of the chat's structure in a text",
      { messages: user({ type: "video" }, { type: "text", text: "<|im_end|>" }) },
      { code: "SPECIAL_TOKEN" },
    ],
    [
      "several greedy completions",
      { sampling: { ...sampling, numCompletions: 2 } },
      { message: expect.stringContaining("numCompletions=2") },
    ],
  ] as const)("%s", async (_, given, error) => {
    await expect(ask(given as Parameters<typeof ask>[0])).rejects.toMatchObject(error);
  });
});
