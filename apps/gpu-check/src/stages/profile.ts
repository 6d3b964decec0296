// Where a decoded token and a gradient step spend their time, by torch's own profiler.
import { dispose, mean, neg, type Scalar, tidy } from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { completionsOf, loadModel } from "@videor1/model-qwen25vl";
import { inputsOf } from "../inputs-of.ts";
import { figure } from "../records.ts";
import { sizes } from "../sizes.ts";

/** Rows of each table that are reported; the rest is summed up. */
const shown = 12;

export async function profile(device: string, sizeName: string, folder: string): Promise<void> {
  const size = sizes[sizeName]!;
  await initEngine({ backend: "torch", device });
  const model = await loadModel(folder, { gradientCheckpointing: size.recompute, dtype: size.dtype });
  const prompt = inputsOf(size, 1, 0);
  const rows = size.decode.batches.at(-1)!;
  const { tokens } = size.decode;
  const decode = (tokens: number, rows: number) => () =>
    model.generate(prompt, { maxNewTokens: tokens + 1, numReturnSequences: rows, seed: 1, eosTokenIds: [] });
  await reportLaunches(decode(1, rows));
  await report(`token of ${rows} rows`, "us", 1000 / tokens, decode(tokens, rows));
  const ids = Array.from({ length: size.completion }, (_, i) => 11 + (i % 400));
  const answers = completionsOf(Array.from({ length: size.batch }, () => ids));
  answers.promptOf.fill(0);
  const loss = () => tidy(() => neg(mean<Scalar>(model.logprobs(prompt, answers).logps)));
  await report(`gradient of ${size.batch} x ${size.completion}`, "ms", 1, () => {
    const { value, grads } = valueAndGrads(loss, model.parameters);
    value.dataSync();
    dispose([value, grads]);
  });
}

/** How many launches a layer of a decoded token makes, and which; where there is no GPU, those of the form for one. */
async function reportLaunches(decode: () => unknown): Promise<void> {
  const { torchLaunches } = await import("@videor1/tfjs-backend-torch"); // this module is loaded before the addon is built
  process.env.VIDEOR1_TORCH_REHEARSE_CUDA = "1";
  const launches = await torchLaunches(decode).finally(() => delete process.env.VIDEOR1_TORCH_REHEARSE_CUDA);
  const layer = "token/layer/";
  const [, first = []] = launches.reduce<string[][]>(
    (layers, launch) => {
      if (launch === layer) layers.push([]);
      else if (launch.startsWith(layer)) layers.at(-1)!.push(launch.slice(layer.length));
      return layers;
    },
    [[]],
  );
  console.log(`launches of a layer of a token: ${first.join(", ")}`);
  figure("launches of a layer of a token", first.length, "launches");
}

/** Figures of the ops that `work` spends its time in, of the device's kernels where there are any; once before to warm up. */
async function report(what: string, unit: string, scale: number, work: () => unknown): Promise<void> {
  const { profileTorch } = await import("@videor1/tfjs-backend-torch"); // this module is loaded before the addon is built
  await work();
  const times = await profileTorch(work);
  const kernels = times.filter(({ onDevice }) => onDevice);
  const of = kernels.length > 0 ? kernels : times;
  const sum = (list: typeof times) => list.reduce((total, { milliseconds }) => total + milliseconds, 0);
  const count = of.reduce((total, row) => total + row.count, 0);
  for (const { name, milliseconds, count } of of.slice(0, shown))
    figure(`${what}: ${name.slice(0, 80)} (${count} calls)`, milliseconds * scale, unit);
  figure(`${what}: the other ${Math.max(0, of.length - shown)} names`, sum(of.slice(shown)) * scale, unit);
  figure(`${what}: all ${count} calls of ${kernels.length > 0 ? "the device" : "the CPU"}`, sum(of) * scale, unit);
}
