// npm run bench -w packages/model-qwen25vl [-- tiny|miniature] [--backend wasm|torch] [--repetitions 5]
// How long do a forward pass, a training step and a generation take, at the shapes of the peer's baseline (tiny) and of the
// miniature? Best of some repetitions after one to warm up. The last line is JSON.
import { parseArgs } from "node:util";
import { dispose, mean, neg, type Scalar, tidy, variable, zerosLike } from "@tensorflow/tfjs-core";
import { adamwUpdate, initEngine, valueAndGrads } from "@videor1/engine";
import { timeRuns } from "@videor1/engine/test";
import { createModel, type ModelInputs, type Qwen25VL } from "../src/index.ts";
import { type Size, sizes } from "./sizes.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { backend: { type: "string", default: "auto" }, repetitions: { type: "string", default: "5" } },
});

interface Row {
  size: string;
  what: string;
  seconds: number;
  cpuSeconds: number;
  perSecond: number;
  unit: string;
}

/** `rows` prompts of text, a video and text, each followed by `extra` tokens; seeded by a linear congruence. */
function inputs({ config, grid, textBefore, textAfter }: Size, rows: number, extra = 0): ModelInputs {
  let state = 1;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const visualTokens = (grid[0] * grid[1] * grid[2]) / 4;
  const words = (count: number) =>
    Array.from({ length: count }, () => Math.floor(next() * (config.text.vocabSize / 2)));
  const ids = Array.from({ length: rows }, () => [
    ...words(textBefore),
    ...new Array<number>(visualTokens).fill(config.videoTokenId),
    ...words(textAfter + extra),
  ]);
  const patches = rows * visualTokens * 4;
  const shape = [rows, ids[0]!.length] as const;
  return {
    inputIds: { data: Int32Array.from(ids.flat()), shape },
    attentionMask: { data: new Int32Array(shape[0] * shape[1]).fill(1), shape },
    pixelValuesVideos: {
      data: Float32Array.from({ length: patches * 1176 }, () => 2 * next() - 1),
      shape: [patches, 1176],
    },
    videoGridThw: { data: Int32Array.from(ids.flatMap(() => [...grid])), shape: [rows, 3] },
    secondPerGridTs: new Float32Array(rows).fill(1),
  };
}

/** Forward, backward and AdamW on all parameters. */
function trainer(model: Qwen25VL, loss: () => Scalar): () => void {
  const moments = Object.entries(model.parameters).map(
    ([name, p]) => [name, variable(zerosLike(p)), variable(zerosLike(p))] as const,
  );
  let step = 0;
  return () => {
    const { value, grads } = valueAndGrads(loss, model.parameters);
    step++;
    for (const [name, m, v] of moments) {
      const update = { learningRate: 1e-4, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.01, step };
      if (grads[name]) adamwUpdate(model.parameters[name]!, grads[name], m, v, update);
    }
    dispose([value, grads]);
  };
}

async function measure(size: Size): Promise<Row[]> {
  const model = createModel(size.config, { seed: 0 });
  const { batch, completion, rollout } = size;
  const [prompts, whole] = [inputs(size, batch), inputs(size, batch, completion)];
  const [P, L] = [prompts.inputIds.shape[1], whole.inputIds.shape[1]];
  const completions = {
    ids: Int32Array.from({ length: batch * completion }, (_, i) => i % 100),
    lengths: new Int32Array(batch).fill(completion),
    promptOf: Int32Array.from({ length: batch }, (_, b) => b),
  };
  const rolloutPrompts = inputs(size, rollout.prompts);
  const rows = rollout.prompts * rollout.completionsEach;
  const generate = () =>
    model.generate(rolloutPrompts, {
      maxNewTokens: rollout.tokens,
      numReturnSequences: rollout.completionsEach,
      doSample: size.sample,
      eosTokenIds: [],
    });
  const wholeLoss = () => neg(mean<Scalar>(model.logprobs(whole).logps));
  const completionLoss = () => neg(mean<Scalar>(model.logprobs(prompts, completions).logps));
  const work: [string, () => unknown, number][] = [
    [`forward ${batch} x ${P}`, () => tidy(() => void model.forward(prompts).logits.dataSync()), batch * P],
    [`train ${batch} x ${L}, whole sequences`, trainer(model, wholeLoss), batch * L],
    [`train ${batch} x (${P} + ${completion}), completions`, trainer(model, completionLoss), batch * L],
    [`generate ${rows} x ${rollout.tokens}`, generate, rows * rollout.tokens],
  ];
  const table: Row[] = [];
  for (const [what, run, tokens] of work) {
    const { seconds, cpuSeconds } = await timeRuns(run, Number(options.repetitions));
    table.push({ size: size.name, what, seconds, cpuSeconds, perSecond: tokens / seconds, unit: "tokens/s" });
  }
  model.dispose();
  return table;
}

const engine = await initEngine({ backend: options.backend as "auto" });
const chosen = sizes.filter(({ name }) => !positionals.length || positionals.includes(name));
const table: Row[] = [];
for (const size of chosen) table.push(...(await measure(size)));
console.log(`${engine.backend}: ${engine.device}`);
console.log(
  ["size".padEnd(10), "work".padEnd(44), "seconds".padStart(9), "cpu s".padStart(9), "tokens/s".padStart(10)].join(" "),
);
for (const { size, what, seconds, cpuSeconds, perSecond } of table)
  console.log(
    [
      size.padEnd(10),
      what.padEnd(44),
      seconds.toFixed(4).padStart(9),
      cpuSeconds.toFixed(4).padStart(9),
      perSecond.toFixed(0).padStart(10),
    ].join(" "),
  );
console.log(JSON.stringify({ engine, table }));
