import { aheadPrompts } from "../ahead-prompts.ts";
import type { RlConfig } from "../config.ts";
import type { DrawnJob } from "../job.ts";
import { partsOf } from "../parts-of.ts";
import type { StepPrompts } from "../step-prompts.ts";
import type { ServedPolicy } from "./served-policy.ts";
import type { StepRollouts } from "./served-rollouts.ts";
import type { ServedSamples } from "./served-samples.ts";
import { unlessStopped } from "./unless-stopped.ts";

/** A step whose first prompts were asked before it began. */
interface AskedStep {
  /** Steps of the run done before it. */
  step: number;
  jobs: readonly DrawnJob[];
  policy: ServedPolicy | undefined;
  samples: Promise<ServedSamples>;
}

/** Completions one step ahead: those of the next step are drawn while a step trains. */
export interface AheadRollouts {
  /** The prompts of a step: those that were asked for it, or fresh ones. */
  promptsOf(step: number): StepPrompts;
  /** As the servers', where jobs that were asked ahead have their answers already, or wait for them. */
  rollouts: StepRollouts;
  /**
   * Gives the policy as it stands to the servers and asks them for the next step's first prompts.
   *
   * @param step - Steps of the run done before the present update: the version of the policy.
   */
  askNext(step: number): Promise<void>;
  /** Gives up what is under way. */
  close(): void;
}

/**
 * Draws completions one step ahead. Step s + 1 is asked of the policy that step s began with, so its completions are one step
 * old when they are trained on; further rounds of dynamic sampling are asked of the same policy. The prompts, their order and
 * their seeds are those of a run that is not ahead.
 *
 * @param draw - The prompts of a step, after those of the step before.
 * @param isOwn - Whether a part is computed by a worker of this process, which then asks for its completions.
 */
export function aheadRollouts(
  served: StepRollouts,
  draw: (step: number) => StepPrompts,
  config: Pick<RlConfig, "promptsPerStep" | "gradientAccumulationSteps">,
  isOwn: (part: number) => boolean,
): AheadRollouts {
  const closed = new AbortController();
  const prompts = aheadPrompts(draw, config.promptsPerStep);
  let asked: AskedStep | undefined;
  let newest: ServedPolicy | undefined;

  async function push(version: number, probe: DrawnJob): Promise<ServedPolicy> {
    if (newest?.version !== version) newest = await served.push(version, probe);
    return newest;
  }

  const ownParts = (jobs: readonly DrawnJob[]) => partsOf(jobs, config).filter((_, part) => isOwn(part));

  return {
    promptsOf(step) {
      if (asked?.step !== step) asked = undefined;
      return prompts.promptsOf(step);
    },
    rollouts: {
      push: async (version, probe) =>
        asked?.policy && asked.step === version ? asked.policy : await push(version, probe),
      async sample(jobs, policy, signal) {
        if (!asked?.jobs.some(({ id }) => id === jobs[0]?.id)) return await served.sample(jobs, policy, signal);
        const samples = await unlessStopped(asked.samples, signal);
        return Object.fromEntries(jobs.map(({ id }) => [id, samples[id]!]));
      },
    },
    async askNext(step) {
      const jobs = await prompts.drawAhead(step + 1);
      const [probe] = jobs;
      const policy = probe && (await push(step, probe));
      const samples = policy
        ? Promise.all(ownParts(jobs).map((part) => served.sample(part, policy, closed.signal))).then(
            (parts): ServedSamples => Object.assign({}, ...parts),
          )
        : Promise.resolve({});
      samples.catch(() => {}); // told when the step begins
      asked = { step: step + 1, jobs, policy, samples };
    },
    close: () => closed.abort(),
  };
}
