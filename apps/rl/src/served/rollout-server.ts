import { trainsAdapter } from "@videor1/model-qwen25vl";
import { ServerOptions } from "@videor1/served-model";
import { z } from "zod";

/** Chat servers that draw the completions in place of the policy in this process: `rollout.server` of a config. */
export const RolloutServer = ServerOptions.omit({ dialect: true, videoAs: true }).extend({
  urls: ServerOptions.shape.urls.refine(
    (urls) => new Set(urls.map(hostOf)).size === urls.length,
    "names a server twice: two pushes at a time would end its engine",
  ),
  model: z.string().min(1).describe("The name that the servers give to the model that the run starts from"),
  push: z
    .enum(["adapter", "weights"])
    .optional()
    .describe("How the servers get the policy; default: an adapter where one is trained, else all weights"),
  folder: z.string().min(1).describe("Folder that the servers read too: the policy's files are written there"),
  serverFolder: z
    .string()
    .min(1)
    .optional()
    .describe("The same folder as the servers see it, where that is another path"),
  concurrency: z.int().min(1).default(64).describe("Questions that each server answers at a time"),
  maxAdapters: z
    .int()
    .min(2)
    .optional()
    .describe("Versions of an adapter that stay loaded, at most the servers' --max-loras; default: maxStaleness + 2"),
  waitSeconds: z
    .number()
    .min(0)
    .max(86_400)
    .default(300)
    .describe("How long all servers may be away before the run stops, with a checkpoint"),
  pushSeconds: z.number().positive().max(86_400).default(600).describe("Time that a server may take for a push"),
  referenceLogps: z
    .boolean()
    .default(false)
    .describe(
      "Have the servers' base model give the log-probabilities of the KL term too, where an adapter is trained; wants vLLM's " +
        "--enable-scale-out; a pass over prompt and frames for each completion",
    ),
  check: z
    .strictObject({
      maxDifference: z
        .number()
        .positive()
        .optional()
        .describe(
          "Largest difference of a token's log-probability to our own, in nats; default 2e-4, with dtype bfloat16 1",
        ),
      meanDifference: z
        .number()
        .positive()
        .optional()
        .describe("The same of the mean over the tokens; default 1e-4, with dtype bfloat16 0.15"),
      every: z
        .int()
        .min(1)
        .default(10)
        .describe("Pushes from one comparison to the next, once one has certainly taken effect"),
      tokens: z.int().min(4).max(512).default(32).describe("Tokens of the answer that is compared"),
    })
    .prefault({})
    .describe("The comparison of what the servers see, and of what they make of it, with the policy"),
});
export type RolloutServer = z.infer<typeof RolloutServer>;

/** Host and port of an address; `localhost` is 127.0.0.1. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host.replace(/^localhost\b/, "127.0.0.1") : url;
}

/** How the servers of a config get what it trains: an adapter, or all weights. */
export const pushOf = (config: TrainedOnServers): "adapter" | "weights" =>
  trainsAdapter(config) ? "adapter" : "weights";

/** What is wrong with `rollout.server.push`, if anything is. */
export function pushIssue(config: TrainedOnServers): string | undefined {
  const asked = config.rollout.server?.push;
  const trained = pushOf(config);
  if (asked === undefined || asked === trained) return undefined;
  return trained === "adapter"
    ? "weights, but an adapter is trained: leave it out, or train without lora and adapter"
    : "adapter, but all weights are trained: leave it out, or train a LoRA adapter: lora={ rank: 16, alpha: 32 }";
}

type TrainedOnServers = Parameters<typeof trainsAdapter>[0] & { rollout: { server?: RolloutServer | undefined } };

/** What is wrong with `rollout.server.referenceLogps`, if anything is. */
export function referenceIssue(
  config: TrainedOnServers & { loss: { beta: number }; rollout: { temperature: number } },
): string | undefined {
  if (!config.rollout.server?.referenceLogps) return undefined;
  if (pushOf(config) === "weights")
    return "true, but all weights are trained: the servers do not keep the model from before";
  if (config.adapter !== undefined)
    return "true, but the reference is the model with the adapter that the run starts from";
  if (config.loss.beta === 0) return "true, but loss.beta is 0: nothing asks for the reference";
  if (config.rollout.temperature !== 1)
    return `true needs rollout.temperature 1, not ${config.rollout.temperature}: servers score at 1`;
  return undefined;
}
