// The work that bench/peer.py does with transformers: the same configurations, shapes and steps.
import { dispose, mean, neg, type Scalar, slice, tensor1d, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { valueAndGrads } from "@videor1/engine";
import { createModel, type ModelInputs, parseConfig } from "@videor1/model-qwen25vl";
import { adamw, randomStream } from "@videor1/train";
import { type Size, sizes } from "../gpu-check/sizes.ts";

export interface Work {
  forward(rows: number): void;
  trainingStep(): void;
  generate(rows: number): Promise<void>;
  dispose(): void;
}

/** A model of `sizes[name]` with random weights, and what is timed on it. */
export function createWork(name: string): Work {
  const size = sizes[name]!;
  const model = createModel(parseConfig(size.config), { seed: 0 });
  const optimizer = adamw(model.parameters, { beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.01 });
  const { batch: R, completion: C } = size;
  const prompts: Record<number, ModelInputs> = { 1: inputsOf(size, 1, 0), [R]: inputsOf(size, R, 0) };
  const whole = inputsOf(size, R, C);
  const P = prompts[1]!.inputIds.shape[1];
  const loss = () => neg(mean<Scalar>(slice(model.logprobs(whole).logps, [0, P - 1], [R, C])));
  return {
    forward: (rows) => tidy(() => void model.forward(prompts[rows]!).logits.dataSync().length),
    trainingStep() {
      const { value, grads } = valueAndGrads(loss, model.parameters);
      optimizer.step(grads, 1e-4);
      dispose([value, ...Object.values(grads)]);
    },
    generate: async (rows) =>
      void (await model.generate(prompts[rows]!, {
        maxNewTokens: size.decode.tokens,
        doSample: false,
        eosTokenIds: [],
      })),
    dispose() {
      model.dispose();
      for (const inputs of [whole, ...Object.values(prompts)]) dispose({ ...inputs });
    },
  };
}

/** `rows` equal prompts of text, a video and text, each followed by `extra` tokens of its own. */
function inputsOf({ grid, textBefore, textAfter, config }: Size, rows: number, extra: number): ModelInputs {
  const random = randomStream(0, "bench", rows, extra);
  const words = (count: number) => Array.from({ length: count }, () => random.int(config.text_config.vocab_size / 2));
  const patches = grid.reduce((product, length) => product * length, 1);
  const video = Array<number>(patches / 4).fill(config.video_token_id);
  const marks = [config.vision_start_token_id, config.vision_end_token_id] as const;
  const prompt = [...words(textBefore - 1), marks[0], ...video, marks[1], ...words(textAfter - 1)];
  const ids = Array.from({ length: rows }, () => [...prompt, ...words(extra)]);
  const pixels = Array.from({ length: patches }, () => Array.from({ length: 1176 }, () => random.normal()));
  return {
    inputIds: tensor2d(ids, undefined, "int32"),
    pixelValuesVideos: tensor2d(Array.from({ length: rows }, () => pixels).flat()),
    videoGridThw: tensor2d(Array<number[]>(rows).fill([...grid]), undefined, "int32"),
    secondPerGridTs: tensor1d(Array<number>(rows).fill(1)),
  };
}
