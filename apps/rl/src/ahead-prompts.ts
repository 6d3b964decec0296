import type { DrawnJob } from "./job.ts";
import type { StepPrompts } from "./step-prompts.ts";

/** Prompts that are drawn before their step begins. */
export interface AheadPrompts {
  /** The prompts of a step: those that were drawn ahead for it, or fresh ones. */
  promptsOf(step: number): StepPrompts;
  /** Draws a step's first prompts now, after all of the step before. */
  drawAhead(step: number): Promise<readonly DrawnJob[]>;
}

/**
 * Draws the first prompts of the next step while a step trains. They, their order and their seeds are those of a run that draws
 * each step's when it begins.
 *
 * @param draw - The prompts of a step, after those of the step before.
 */
export function aheadPrompts(draw: (step: number) => StepPrompts, promptsPerStep: number): AheadPrompts {
  let ahead: { step: number; prompts: StepPrompts; jobs: Promise<readonly DrawnJob[]> } | undefined;
  return {
    promptsOf(step) {
      if (ahead?.step !== step) return draw(step);
      const { prompts, jobs } = ahead;
      ahead = undefined;
      let isFirst = true;
      return {
        async take(count) {
          if (!isFirst) return await prompts.take(count);
          isFirst = false;
          return [...(await jobs)];
        },
        get problemIds() {
          return prompts.problemIds;
        },
        get failed() {
          return prompts.failed;
        },
        get next() {
          return prompts.next;
        },
      };
    },
    drawAhead(step) {
      const prompts = draw(step);
      const jobs = prompts.take(promptsPerStep);
      jobs.catch(() => {}); // told when the step begins
      ahead = { step, prompts, jobs };
      return jobs;
    },
  };
}
