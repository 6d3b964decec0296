import { z } from "zod";
import { CodeVersion } from "../code-version.ts";
import { share } from "./question.ts";

/** How one item of a benchmark ended. All of them stand in the denominator. */
export const itemOutcomes = ["scored", "unparsed", "unjudged", "missing-media", "engine-error"] as const;
export const ItemOutcome = z.enum(itemOutcomes);
export type ItemOutcome = z.infer<typeof ItemOutcome>;

/** A mean and its 95 % interval. */
const Estimate = z.object({ n: z.int().min(1), mean: z.number(), low: z.number(), high: z.number() });

/** How one scorer read one output; `status` says what kept it from being a plain score. */
export const ReadingLine = z.object({
  /** Null: it gives none; -1: a foreign harness's own mark for that. */
  score: z.union([share, z.literal(-1)]).nullable(),
  extracted: z.union([z.string(), z.number(), z.array(z.union([z.string(), z.number()]))]).nullish(),
  rule: z.string().optional(),
  status: z.string().optional(),
});
export type ReadingLine = z.infer<typeof ReadingLine>;

/** What a scorer makes of a whole run. */
const ScorerSummary = z.object({
  /** Mean over the items that it scores, a score below 0 taken as 0; null if it scores none. */
  mean: share.nullable(),
  /** Its own figures, under its own names and in its own units. */
  aggregate: z.union([z.record(z.string(), z.unknown()), z.array(z.record(z.string(), z.unknown()))]),
  /** Readings by status; `scored` where it gave a plain score. */
  statuses: z.record(z.string(), z.int().min(0)),
});

/** Scores of one value of a group, e.g. of one task, by the main scorer. */
const GroupRow = z.object({ name: z.string(), estimate: Estimate });

/** What the order, or the sight, of the frames is worth: see `temporalReliance` of @videor1/eval. */
const Reliance = z.object({
  n: z.int().min(1),
  clips: z.int().min(1),
  ordered: Estimate,
  other: Estimate,
  difference: Estimate,
  gained: z.int().min(0),
  lost: z.int().min(0),
  p: share,
});

const Traits = z.object({
  n: z.int().min(1),
  characters: z.number(),
  thinkingCharacters: z.number(),
  tokens: z.number().optional(),
  thinking: share,
  answered: share,
  cutOff: share,
  reflections: z.number(),
  reflecting: share,
});

/** What a language model was asked where rules could not score. */
const Judge = z.object({
  model: z.string(),
  /** Versions of its prompts. */
  prompts: z.array(z.string()),
  asked: z.int().min(0),
  /** Replies that an earlier run had paid for. */
  cached: z.int().min(0),
  /** Items that it gave no verdict on. */
  failed: z.int().min(0),
  /** Of the items that the rules had scored and it was asked about. */
  agreement: z.object({ n: z.int().min(0), agreed: z.int().min(0) }),
  /** Share of responses that engage with time, by the paper's question; absent where it was not asked. */
  grounded: z.object({ prompt: z.string(), share: Estimate.optional(), failed: z.int().min(0) }).optional(),
});

/** What an evaluation on a benchmark says besides the scores by problem type and task. */
export const BenchmarkEvaluation = z.object({
  /** Whose files were read, and whether they hold what the release holds; absent where that is not known. */
  source: z.enum(["official", "video-r1"]),
  isWhole: z.boolean().optional(),
  /** What makes the number reproducible. */
  prompt: z.string(),
  decoding: z.record(z.string(), z.unknown()),
  media: z.record(z.string(), z.unknown()),
  server: z.array(z.string()).optional(),
  /** The code that scored it; hashes of the model's and the benchmark's files are in inputs.json beside the answers. */
  code: CodeVersion.optional(),
  outcomes: z.record(z.string(), z.int().min(0)),
  /** The benchmark's own headline number by the main scorer, in [0, 1], and its interval over clips. */
  headline: z.object({ name: z.string(), value: share, interval: Estimate.optional() }),
  /** The scorer that `score` in the predictions is of. */
  mainScorer: z.string(),
  scorers: z.record(z.string(), ScorerSummary),
  /** By dimension, e.g. task, domain. */
  groups: z.record(z.string(), z.array(GroupRow)),
  /** Items on which the scorers do not agree. */
  disagreements: z.int().min(0),
  /** By the order in which the frames were shown. */
  reliance: z.record(z.string(), Reliance),
  traits: Traits.optional(),
  judge: Judge.optional(),
});
export type BenchmarkEvaluation = z.infer<typeof BenchmarkEvaluation>;
