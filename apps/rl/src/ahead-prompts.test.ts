import { expect, test } from "vitest";
import { aheadPrompts } from "./ahead-prompts.ts";
import type { DrawnJob } from "./job.ts";
import type { StepPrompts } from "./step-prompts.ts";

/** Prompts 1, 2, 3 … in the order in which they are drawn; that of number `fails` cannot be. */
function drawing(fails?: number) {
  let drawn = 0;
  return (step: number): StepPrompts => {
    const ids: number[] = [];
    return {
      async take(count) {
        const taken = Array.from({ length: count }, () => ++drawn);
        if (taken.includes(fails!)) throw new Error(`no prompt ${fails}`);
        ids.push(...taken);
        return taken.map((n) => ({ id: `${step}/${n}` }) as DrawnJob);
      },
      problemIds: ids,
      failed: [],
      get next() {
        return { epoch: 0, position: ids.at(-1)! };
      },
    };
  };
}
const idsOf = (jobs: readonly DrawnJob[]) => jobs.map(({ id }) => id);

test("prompts that were drawn ahead come first, and further rounds after them, as without drawing ahead", async () => {
  const steps = async (isAhead: boolean) => {
    const { promptsOf, drawAhead } = aheadPrompts(drawing(), 2);
    const made: unknown[] = [];
    for (const step of [0, 1, 2]) {
      const prompts = promptsOf(step);
      made.push(idsOf(await prompts.take(2)));
      if (step === 1) made.push(idsOf(await prompts.take(1)));
      if (isAhead && step < 2) void drawAhead(step + 1);
      made.push([...prompts.problemIds], prompts.next);
    }
    return made;
  };
  expect(await steps(true)).toEqual(await steps(false));
  expect((await steps(true)).slice(0, 1)).toEqual([["0/1", "0/2"]]);
});

test("what drawing ahead fails with is told when the step takes its prompts", async () => {
  const { promptsOf, drawAhead } = aheadPrompts(drawing(3), 2);
  await promptsOf(0).take(2);
  await expect(drawAhead(1)).rejects.toThrow("no prompt 3");
  await expect(promptsOf(1).take(2)).rejects.toThrow("no prompt 3");
});
