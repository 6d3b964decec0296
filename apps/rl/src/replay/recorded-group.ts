import type { RolloutGroupLine } from "@videor1/runs";
import type { Samples } from "@videor1/tgrpo";
import { promptId } from "../step-prompts.ts";
import { type RecordedSamples, requestKey } from "./recorded-sampler.ts";

/** A line of rollouts.jsonl whose ids are known. */
export type RecordedGroup = RolloutGroupLine & { id: string; policyVersion: number };

/** The groups of a run with ids and policy versions, which lines of runs before 2026-12 lack. */
export function withIds(lines: readonly RolloutGroupLine[]): RecordedGroup[] {
  const counts: Record<string, number> = {};
  return lines.map((line) => {
    const { step, round } = line;
    const n = counts[`${step}/${round}`] ?? 0;
    counts[`${step}/${round}`] = n + 1;
    const id = line.id ?? promptId(step - 1, round, n);
    const half = (name: "ordered" | "shuffled") => (k: number) => `${id}/${name}/${k}`;
    const [orderedId, shuffledId] = [half("ordered"), half("shuffled")];
    return {
      ...line,
      id,
      policyVersion: line.policyVersion ?? step - 1,
      ordered: line.ordered.map((rollout, k) => ({ ...rollout, id: rollout.id ?? orderedId(k) })),
      shuffled: line.shuffled.map((rollout, k) => ({ ...rollout, id: rollout.id ?? shuffledId(k) })),
    };
  });
}

/** What sampling returned for the prompts of some groups. */
export function recordedSamples(groups: readonly RecordedGroup[]): RecordedSamples {
  const samples: Record<string, Samples> = {};
  for (const { id, policyVersion, ordered, shuffled, failed = [] } of groups) {
    const ofHalf = (half: "ordered" | "shuffled", scored: readonly RecordedRollout[]): Samples => {
      const all = [...scored, ...failed.filter((rollout) => rollout.id?.startsWith(`${id}/${half}/`))];
      const completions = all
        .sort((a, b) => numberOf(a) - numberOf(b))
        .map(({ completionIds, logps }) => ({
          completionIds: Int32Array.from(completionIds),
          logps: Float32Array.from(logps),
        }));
      return { completions, policyVersion };
    };
    samples[requestKey({ promptId: id, order: "ordered" })] = ofHalf("ordered", ordered);
    samples[requestKey({ promptId: id, order: "permuted" })] = ofHalf("shuffled", shuffled);
  }
  return samples;
}

type RecordedRollout = Pick<RolloutGroupLine["shuffled"][number], "id" | "completionIds" | "logps">;

/** k of `<prompt>/<half>/<k>`. */
const numberOf = ({ id }: RecordedRollout): number => Number(id!.slice(id!.lastIndexOf("/") + 1));
