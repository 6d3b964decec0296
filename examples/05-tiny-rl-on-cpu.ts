/**
 * T-GRPO with a reward of one's own, the share of the right token in a completion: a random Qwen2.5-VL learns to say whether
 * a video gets brighter or darker, which only the order of its frames tells. With the frames permuted (p~) it says the other.
 *
 *     npm run example -- 5
 *
 *     step 0: mean reward 0.08, p 0, p~ 0
 *     step 10: mean reward 0.79, p 0.625, p~ 0.5
 *     step 20: mean reward 1.12, p 0.875, p~ 0
 *     step 30: mean reward 1.28, p 1, p~ 0
 *     step 40: mean reward 1.30, p 1, p~ 0
 */
import { dispose, type Scalar } from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { createModel, type ModelInputs, parseConfig } from "@videor1/model-qwen25vl";
import type { Policy, Prompt, Sampler, Scorer } from "@videor1/tgrpo";
import { groupMetrics, isWeighed, policyGradients, sampleAndScore, TgrpoOptions } from "@videor1/tgrpo";
import { adamw } from "@videor1/train";

await initEngine({ backend: "wasm", fma: false }); // the same bits on every machine
const [ask, brighter, darker, image, video] = [0, 1, 2, 6, 7]; // the vocabulary has 8 ids
const sizes = { hidden_size: 32, intermediate_size: 64 };
const vision_config = { ...sizes, depth: 1, num_heads: 2, patch_size: 2 };
const layers = { num_hidden_layers: 2, num_attention_heads: 2, rope_scaling: { mrope_section: [4, 2, 2] } };
const ids = { vocab_size: 8, image_token_id: image, video_token_id: video };
const config = parseConfig({ model_type: "qwen2_5_vl", ...ids, ...sizes, ...layers, vision_config });
const model = createModel(config, { seed: 0, scheme: { kind: "fanIn" } });

type Clip = readonly [number, number]; // the grey levels of two pairs of frames; a pair is 2 x 2 patches, one token
const rows = <T extends Int32Array | Float32Array>(data: T, width: number) =>
  ({ data, shape: [data.length / width, width] }) as const;
const inputsOf = (clips: readonly Clip[]): ModelInputs => ({
  inputIds: rows(Int32Array.from(clips.flatMap(() => [video, video, ask])), 3),
  pixelValuesVideos: rows(Float32Array.from(clips.flat().flatMap((level) => Array(4 * 24).fill(level))), 24),
  videoGridThw: rows(Int32Array.from(clips.flatMap(() => [2, 2, 2])), 3),
});
const policy: Policy<Clip> = { logprobs: (clips, completions) => model.logprobs(inputsOf(clips), completions) };
const sampler: Sampler<Clip> = {
  async generate(requests) {
    const inputs = inputsOf(requests.map(({ input }) => input));
    const numReturnSequences = requests.map(({ count }) => count);
    const generation = { maxNewTokens: 3, eosTokenIds: [], numReturnSequences, seed: step };
    const { sequences, promptOf } = await model.generate(inputs, generation);
    return requests.map((_, i) => {
      const own = sequences.filter((_, row) => promptOf[row] === i);
      return { completions: own.map((completionIds) => ({ completionIds })), policyVersion: step };
    });
  },
};

const prompts: (Prompt<Clip> & { answer: number })[] = [
  { id: "up", kind: "video", ordered: [-1, 1], permuted: [1, -1], answer: brighter },
  { id: "down", kind: "video", ordered: [1, -1], permuted: [-1, 1], answer: darker },
];
const scorer: Scorer<(typeof prompts)[number]> = async (completions, { answer }) =>
  completions.map(({ completionIds: ids }) => {
    return { text: ids.join(" "), accuracy: ids.filter((id) => id === answer).length / ids.length, format: 0 };
  });

const options = TgrpoOptions.parse({ tgrpo: { length: { enabled: false } }, loss: { beta: 0 } });
const optimizer = adamw(model.parameters, { beta1: 0.9, beta2: 0.99, eps: 1e-8, weightDecay: 0 });
const differentiate = (loss: () => Scalar) => valueAndGrads(loss, model.parameters);
let step = 0;
for (; step <= 40; step++) {
  const weighed = (await sampleAndScore({ prompts, sampler, scorer, policy, options })).filter(isWeighed);
  const groups = weighed.map((group) => ({ group, input: prompts.find(({ id }) => id === group.promptId)!.ordered }));
  const { grads } = await policyGradients({ policy, groups, options, valueAndGrads: differentiate });
  optimizer.step(grads, 3e-3);
  dispose(grads);
  const { "reward/total": reward, "temporal/p": p, "temporal/pShuffled": pShuffled } = groupMetrics(weighed);
  if (step % 10 === 0) console.log(`step ${step}: mean reward ${reward!.toFixed(2)}, p ${p}, p~ ${pShuffled}`);
}
