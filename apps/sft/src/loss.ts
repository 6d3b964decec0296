// Shape suffixes: B conversations, L tokens of the longest, C tokens of the longest answer.
import { mul, neg, type Scalar, sum, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { assistantText, messages } from "@videor1/data";
import { completionsOf, type Qwen25VL } from "@videor1/model-qwen25vl";
import { assistantTurn, type Processor } from "@videor1/processor-qwen25vl";
import type { SftConfig } from "./config.ts";
import type { Job } from "./protocol.ts";

/** `loss()` = -sum of the log-probabilities of `tokens` tokens, in nats, under the current parameters. */
export interface SummedLoss {
  tokens: number;
  loss: () => Scalar;
}

/**
 * The summed loss of a part of a batch. With `lossOn: "assistant"` the tokens are the answer's and its end token, and the
 * prompt is left padded. With "all" they are, as in the original, the tokens of the whole conversation, question and video
 * pads included, except padding and image pads.
 *
 * @see tulerfeng/Video-R1@59d65c3 sft_video.py `collate_fn`
 */
export function summedLoss(model: Qwen25VL, processor: Processor, jobs: readonly Job[], config: SftConfig): SummedLoss {
  return config.lossOn === "assistant"
    ? assistantLoss(model, processor, jobs, config)
    : conversationLoss(model, processor, jobs, config);
}

const turnsOf = ({ example }: Job, { data }: SftConfig) => messages(example, { stage: "sft", ...data.prompt });

function assistantLoss(model: Qwen25VL, processor: Processor, jobs: readonly Job[], config: SftConfig): SummedLoss {
  const inputs = processor(
    jobs.map((job) => turnsOf(job, config).slice(0, -1)),
    jobs.map(({ clips }) => clips),
    { addGenerationPrompt: true },
  );
  const [endOfTurn] = model.generationConfig.eosTokenIds;
  if (endOfTurn === undefined)
    throw new RangeError(`${config.model}: no token ends a turn; load the model with turnEnd, which refuses that`);
  const { opened } = assistantTurn(processor);
  const answers = jobs.map(({ example }) => {
    const rest = withoutOpened(assistantText(example), opened);
    return [...processor.tokenizer.encode(rest), endOfTurn];
  });
  const completions = completionsOf(answers);
  return {
    tokens: answers.reduce((total, answer) => total + answer.length, 0),
    loss: () => tidy(() => neg(sum<Scalar>(model.logprobs(inputs, completions).logps))),
  };
}

/** The answer without what the generation prompt has opened already, such as "<think>\n". */
export function withoutOpened(answer: string, opened: string): string {
  if (answer.startsWith(opened)) return answer.slice(opened.length);
  const tag = opened.trim();
  return answer.startsWith(tag) ? answer.slice(tag.length).trimStart() : answer;
}

function conversationLoss(model: Qwen25VL, processor: Processor, jobs: readonly Job[], config: SftConfig): SummedLoss {
  const inputs = processor(
    jobs.map((job) => turnsOf(job, config)),
    jobs.map(({ clips }) => clips),
    { paddingSide: "right" },
  );
  const [B, L] = inputs.inputIds.shape;
  const weights = new Float32Array(B * (L - 1));
  let tokens = 0;
  for (let row = 0; row < B; row++)
    for (let t = 1; t < L; t++) {
      const i = row * L + t;
      if (!inputs.attentionMask.data[i] || inputs.inputIds.data[i] === model.config.imageTokenId) continue;
      weights[row * (L - 1) + t - 1] = 1;
      tokens++;
    }
  return {
    tokens,
    loss: () => tidy(() => neg(sum<Scalar>(mul(model.logprobs(inputs).logps, tensor2d(weights, [B, L - 1]))))),
  };
}

/** The loss of a batch in nats a token, from the sums of its parts in order of part. */
export function lossPerToken(parts: readonly { lossSum: number; tokens: number }[]): { loss: number; tokens: number } {
  const tokens = parts.reduce((total, part) => total + part.tokens, 0);
  return { loss: parts.reduce((total, part) => total + part.lossSum, 0) / tokens, tokens };
}
