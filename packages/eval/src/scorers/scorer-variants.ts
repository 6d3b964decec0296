import { lmmsEval, lmmsEvalStripped } from "./lmms-eval/index.ts";
import { officialAnswerFirst } from "./official/answer-first.ts";
import { official } from "./official/official.ts";
import { safe } from "./safe/safe.ts";
import type { Scorer } from "./scorer.ts";
import { videoR1 } from "./video-r1/video-r1.ts";
import { vlmevalkit, vlmevalkitBare } from "./vlmevalkit/index.ts";

/**
 * Every reading of outputs, by the name that a config or a command line has for it. `lmms-eval` and `vlmevalkit` read as those
 * harnesses do when they are run: after lmms-eval's cut of the reasoning, over VLMEvalKit's .xlsx files; `-bare` is their rules
 * on the outputs as they are.
 */
export const scorerVariants = {
  safe,
  official,
  "official-answer-first": officialAnswerFirst,
  "video-r1": videoR1,
  "lmms-eval": lmmsEvalStripped,
  "lmms-eval-bare": lmmsEval,
  vlmevalkit,
  "vlmevalkit-bare": vlmevalkitBare,
} as const satisfies Record<string, Scorer>;

export const scorerVariantNames = Object.keys(scorerVariants) as [ScorerVariant, ...ScorerVariant[]];
export type ScorerVariant = keyof typeof scorerVariants;
