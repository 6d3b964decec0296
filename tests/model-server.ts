/** A server double whose model is one of ours: it reads requests as vLLM does, or wrongly in a known way. */
import { loadAdapter, loadModel, type Qwen25VL, withAdapter } from "@videor1/model-qwen25vl";
import { type Clip, loadProcessor } from "@videor1/processor-qwen25vl";
import type { ChatRequest } from "@videor1/served-model";
import {
  type DoubleEngine,
  type ServerDouble,
  type ServerDoubleOptions,
  startServerDouble,
} from "@videor1/served-model/double";
import { pixelsOf, withoutMedia } from "../packages/served-model/test/recorded.ts";

export interface Misreading {
  /** Does not read the rate: 1 frame a second is assumed. */
  ignoresRate?: boolean;
  backwards?: boolean;
  /** Shows the model every frame with its pixels inverted, as another normalisation would. */
  inverts?: boolean;
  /** Gives log-probabilities of the distribution that it samples from. */
  processed?: boolean;
  /** Takes adapters and weights, and answers as before. */
  ignoresPushes?: boolean;
}

export interface ModelServer {
  double: ServerDouble;
  misreading: Misreading;
  stop(): Promise<void>;
}

/** Serves the model of a folder as "base". The engine must be started. */
export async function startModelServer(
  folder: string,
  { misreading = {}, ...options }: ServerDoubleOptions & { misreading?: Misreading } = {},
): Promise<ModelServer> {
  const processor = await loadProcessor(folder);
  const models = new Map<string, Promise<Qwen25VL>>();
  const server = { misreading };
  let queue: Promise<unknown> = Promise.resolve();

  const modelOf = (name: string | undefined, engine: DoubleEngine): Promise<Qwen25VL> => {
    const { ignoresPushes } = server.misreading;
    const weights = ignoresPushes ? folder : (engine.weights ?? folder);
    const adapter = ignoresPushes ? undefined : engine.adapters.get(name ?? "");
    const key = JSON.stringify([weights, adapter]);
    const load = async () => {
      const base = adapter === undefined ? await loadModel(weights) : await modelOf(undefined, engine);
      return adapter === undefined ? base : withAdapter(base, await loadAdapter(adapter, base.config));
    };
    const loaded = models.get(key) ?? load();
    models.set(key, loaded);
    return loaded;
  };

  async function complete(request: ChatRequest, engine: DoubleEngine) {
    const { ignoresRate, backwards, inverts, processed } = server.misreading;
    const clips = await clipsOf(request, ignoresRate === true);
    if (backwards) for (const clip of clips) reverse(clip);
    if (inverts) for (const clip of clips) clip.rgb = clip.rgb.map((value) => 255 - value);
    const row = processor.row(withoutMedia(request.messages), clips, { addGenerationPrompt: true });
    const { n = 1, temperature = 1, top_p = 1, seed = 0, max_completion_tokens = 1, ignore_eos } = request as Fields;
    const model = await modelOf(request.model, engine);
    const generation = await model.generate(processor.batch([row]), {
      maxNewTokens: max_completion_tokens,
      doSample: temperature > 0,
      temperature: temperature || 1,
      topP: top_p,
      topK: 0,
      repetitionPenalty: 1,
      numReturnSequences: [n],
      seeds: [...Array(n).keys()].map((i) => seed + i),
      ...(ignore_eos && { eosTokenIds: [] }),
    });
    const choices = generation.sequences.map((ids, index) => ({
      index,
      text: processor.tokenizer.decode([...ids], { skipSpecialTokens: true }),
      tokens: { ids: [...ids], logprobs: [...generation.logps[index]!] },
      finishReason: generation.finished[index] ? ("stop" as const) : ("length" as const),
    }));
    if (processed) await divide(model, row, choices, temperature);
    return { ids: [...row.inputIds], choices };
  }

  async function divide(
    model: Qwen25VL,
    row: Parameters<typeof processor.batch>[0][number],
    choices: { tokens: { ids: number[]; logprobs: number[] } }[],
    temperature: number,
  ): Promise<void> {
    for (const { tokens } of choices) {
      const completions = {
        ids: Int32Array.from(tokens.ids),
        lengths: Int32Array.of(tokens.ids.length),
        promptOf: Int32Array.of(0),
      };
      tokens.logprobs = [...(await model.logprobs(processor.batch([row]), completions, { temperature }).logps.data())];
    }
  }

  const double = await startServerDouble({
    model: "base",
    ...options,
    complete(request, engine) {
      const answered = queue.then(() => complete(request, engine));
      queue = answered.catch(() => {});
      return answered;
    },
  });
  return Object.assign(server, { double, stop: () => double.stop() });
}

type Fields = {
  n?: number;
  temperature?: number;
  top_p?: number;
  seed?: number;
  max_completion_tokens?: number;
  ignore_eos?: boolean;
};

async function clipsOf(request: ChatRequest, ignoresRate: boolean): Promise<Clip[]> {
  const { fps = 1 } = (request.media_io_kwargs as { video?: { fps?: number } } | undefined)?.video ?? {};
  const parts = request.messages.flatMap(({ content }) => (typeof content === "string" ? [] : content));
  const clips: Clip[] = [];
  for (const part of parts) {
    if (part.type === "image_url")
      clips.push({ kind: "image", resized: true, ...(await pixelsOf(part.image_url.url)) });
    if (part.type === "video_url")
      clips.push({ kind: "video", resized: true, fps: ignoresRate ? 1 : fps, ...(await pixelsOf(part.video_url.url)) });
  }
  return clips;
}

function reverse(clip: Clip): void {
  const frame = clip.height * clip.width * 3;
  const rgb = new Uint8Array(clip.rgb.length);
  for (let f = 0; f < clip.frames; f++)
    rgb.set(clip.rgb.subarray(f * frame, (f + 1) * frame), (clip.frames - 1 - f) * frame);
  clip.rgb = rgb;
}
