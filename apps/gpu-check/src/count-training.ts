// The kernels that log-probabilities of completions with gradients would launch on a GPU, counted on the CPU: 8 text and 6 vision
// layers as in the size "small", narrower, since the count knows no widths.
import { dispose, mean, neg, type Scalar, tidy, variable } from "@tensorflow/tfjs-core";
import { initEngine, toBfloat16, valueAndGrads } from "@videor1/engine";
import { assemble, completionsOf, createModel, type Parameters, parseConfig } from "@videor1/model-qwen25vl";
import type { Launches } from "@videor1/tfjs-backend-torch";
import { inputsOf } from "./inputs-of.ts";
import { type Size, sizes } from "./sizes.ts";

export interface CountTrainingOptions {
  /** Recompute activations in the backward pass. */
  recompute: boolean;
  /** Tokens of each completion of the one prompt. */
  lengths: readonly number[];
}

export interface TrainingLaunches {
  /** Log-probabilities and gradients of all parameters. */
  whole: Launches;
  /** The log-probabilities alone. */
  forward: Launches;
}

/** Counts a pass in bfloat16 over inputs that have been seen before. */
export async function countTraining({ recompute, lengths }: CountTrainingOptions): Promise<TrainingLaunches> {
  const { countLaunches } = await import("@videor1/tfjs-backend-torch"); // this module is loaded before the addon is built
  await initEngine({ backend: "torch" });
  const size = narrowed(sizes.small!);
  const options = { gradientCheckpointing: recompute };
  const made = createModel(parseConfig(size.config), { seed: 0 }, options);
  const stored: Parameters = {};
  for (const [name, parameter] of Object.entries(made.parameters))
    stored[name] = variable(tidy(() => toBfloat16(parameter)));
  const model = assemble(made, stored, { ...options, dtype: "bfloat16" });
  made.dispose();
  const prompt = inputsOf(size, 1, 0);
  const answers = completionsOf(lengths.map((length) => Array.from({ length }, (_, i) => 11 + i)));
  answers.promptOf.fill(0);
  const loss = () => tidy(() => neg(mean<Scalar>(model.logprobs(prompt, answers).logps)));
  const gradients = () => {
    const { value, grads } = valueAndGrads(loss, model.trainable);
    dispose([value, grads]);
  };
  const logprobs = () => loss().dispose();
  await countLaunches(logprobs); // borders of segments come to the device
  const forward = await countLaunches(logprobs);
  const whole = await countLaunches(gradients);
  model.dispose();
  return { whole, forward };
}

function narrowed(size: Size): Size {
  const { text_config: text, ...config } = size.config;
  const heads = { num_attention_heads: 4, num_key_value_heads: 2 };
  const rope_parameters = { rope_type: "default", rope_theta: 1000000, mrope_section: [2, 3, 3] };
  const vision = (config as { vision_config?: object }).vision_config;
  return {
    ...size,
    grid: [2, 8, 8],
    config: {
      ...config,
      text_config: { ...text, hidden_size: 64, intermediate_size: 128, ...heads, rope_parameters },
      vision_config: { ...vision, hidden_size: 32, intermediate_size: 64, num_heads: 2, out_hidden_size: 64 },
    } as Size["config"],
  };
}

export const kernelsOf = ({ kernels }: Launches): number => kernels.reduce((total, { count }) => total + count, 0);
