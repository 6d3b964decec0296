import { type GivenScores, resolveScores } from "./given-scores.ts";
import type { ScoreOptions } from "./options.ts";
import type { Prompt } from "./prompt.ts";
import type { FailedRollout, SampledGroup, SampledRollout, ScoredGroup, ScoredRollout } from "./rollout.ts";
import { shuffledOf } from "./rollout.ts";

/** The text of a completion with the parts of its reward, or with the reason why it has none. */
export type ScoreOutcome = { text: string } & (GivenScores | { failed: string });

/** Scores the completions of one prompt, in order. `P` is the prompt with the record that it was made from. */
export type Scorer<P> = (completions: readonly SampledRollout[], prompt: P) => Promise<readonly ScoreOutcome[]>;

/**
 * Scores every rollout of a prompt's group. Rollouts that cannot be scored leave it and go to its `failed`, and so do those
 * without the parts of the reward that `options.leaveOut` asks for.
 *
 * @throws {RangeError} If the scorer returns other counts than requested.
 */
export async function scoreRollouts<P extends Prompt<unknown>>(
  scorer: Scorer<P>,
  prompt: P,
  group: SampledGroup,
  options: Pick<ScoreOptions, "leaveOut" | "weights">,
): Promise<ScoredGroup> {
  const asked = [...group.ordered, ...shuffledOf(group)];
  const outcomes = await scorer(asked, prompt);
  if (outcomes.length !== asked.length)
    throw new RangeError(
      `scoreRollouts: the scorer returned ${outcomes.length} outcomes for ${asked.length} completions of prompt ${prompt.id}`,
    );
  const failed: FailedRollout[] = [];
  const ordered: ScoredRollout[] = [];
  const shuffled: ScoredRollout[] = [];
  for (const [k, outcome] of outcomes.entries()) {
    const scores = "failed" in outcome ? outcome : resolveScores(outcome, options);
    const rollout = { ...asked[k]!, text: outcome.text };
    if ("failed" in scores) failed.push({ ...rollout, ...scores });
    else (k < group.ordered.length ? ordered : shuffled).push({ ...rollout, ...scores });
  }
  const { promptId } = group;
  return group.kind === "image"
    ? { promptId, kind: "image", ordered, failed }
    : { promptId, kind: "video", ordered, shuffled, failed };
}
