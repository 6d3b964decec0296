import { createHash } from "node:crypto";
import type { LoadedClip } from "@videor1/data";
import type { RolloutLine } from "@videor1/runs";
import { type Rollout, type ScoredGroup, samplingLogps } from "@videor1/tgrpo";
import type { PolicyInput } from "./policy.ts";
import type { PreparedPrompt } from "./prompts.ts";
import type { GroupRecord, Job } from "./protocol.ts";

/** @param decode - Token ids to text, special tokens left out. */
export function groupRecord(
  { example, clip, seed, round, frameIndices, permutation, bonusOrder }: Job & PreparedPrompt & { round: number },
  { group, score }: Pick<ScoredGroup<PolicyInput>, "group" | "score">,
  decode: (ids: Int32Array) => string,
): GroupRecord {
  const answer = (rollout: Rollout): RolloutLine => ({
    text: decode(rollout.completionIds),
    tokens: rollout.completionIds.length,
    accuracy: rollout.accuracy,
    format: rollout.format,
    completionIds: [...rollout.completionIds],
    logps: Array.from(samplingLogps(rollout), shortest),
  });
  const { temporal, lengthBonus, rewards, advantages } = score;
  const { problemId, dataSource, problemType, dataType, problem, options, solution, path } = example;
  return {
    problemId,
    dataSource,
    problemType,
    dataType,
    problem,
    options,
    solution,
    path,
    round,
    seed,
    framesHash: hashClip(clip),
    frameIndices,
    permutation,
    bonusOrder,
    p: temporal.p,
    pShuffled: temporal.pShuffled,
    temporalReward: temporal.fired === null ? null : temporal.fired ? 1 : 0,
    ordered: group.ordered.map((rollout, i) => ({
      ...answer(rollout),
      contrast: rollout.contrast ?? null,
      temporalBonus: temporal.bonus[i]!,
      lengthBonus: lengthBonus[i]!,
      reward: rewards[i]!,
      advantage: advantages[i]!,
    })),
    shuffled: group.kind === "video" ? group.shuffled.map(answer) : [],
  };
}

/** SHA-256, in hex, of the decoded pixels and their shape. */
function hashClip({ rgb, frames, height, width }: LoadedClip): string {
  return createHash("sha256").update(`${frames}x${height}x${width}\0`).update(rgb).digest("hex");
}

/** The same float32 in as few decimals as tell it from its neighbours. */
const shortest = (value: number): number => Number(value.toPrecision(9));
