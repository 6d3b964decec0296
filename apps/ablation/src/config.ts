import { MiniatureConfig } from "@videor1/miniature";
import { z } from "zod";

const settings = z.array(z.string().regex(/^[^=\s]+=/, "key=value"));

export const Arm = z.strictObject({
  about: z.string().describe("What the arm is, in a few words: for the results page"),
  model: z
    .string()
    .default("sft")
    .describe('The models to start from: "sft", "init", or those that another arm trained'),
  rl: z
    .union([z.literal("none"), settings])
    .default([])
    .describe('key=value settings of its RL; "{data}" is the data folder. none: the model is only evaluated'),
  bench: settings.default([]).describe("key=value settings of its evaluations"),
  pairs: z.int().min(1).optional().describe("Only the first pairs"),
});
export type Arm = z.infer<typeof Arm>;

const { sft, rl, bench, stages, data, model } = MiniatureConfig.shape;

export const AblationConfig = z
  .strictObject({
    title: z.string().describe("Title of the results page"),
    runDir: z.string().describe("Everything goes here; runs that are finished there are left alone"),
    output: z
      .string()
      .optional()
      .describe("Results page; default <runDir>/results.md. The numbers go beside it as .json"),
    jobs: z.int().min(0).optional().describe("Runs at a time, a process each; default: the cores. 0: only the page"),
    from: z
      .string()
      .optional()
      .describe("A .json beside a results page: only the page is made again, from the runs that the file holds"),
    sft,
    rl,
    bench,
    stages,
    data,
    model,
    evaluations: z
      .array(z.enum(["sampled", "greedy"]))
      .default(["sampled", "greedy"])
      .describe("Evaluations of every arm's models: at temperature 1, also with shuffled frames; greedy"),
    pairs: z
      .array(z.tuple([z.int().min(0), z.int().min(0)]))
      .min(1)
      .describe("[SFT seed, RL seed]: the seeds of a run of every arm"),
    base: z.string().describe("Arm that the others are compared with"),
    comparisons: z
      .array(z.tuple([z.string(), z.string()]))
      .default([])
      .describe("Further [arm, arm] to compare"),
    only: z
      .array(z.string())
      .optional()
      .describe("Make the runs of these arms only; the page shows all that are finished"),
    arms: z.record(z.string().regex(/^[\w.-]+$/), Arm),
  })
  .superRefine(({ arms, base, comparisons, only }, context) => {
    const known = new Set(Object.keys(arms));
    const check = (name: string, ...path: (string | number)[]) => {
      if (!known.has(name))
        context.addIssue({ code: "custom", path, message: `no arm "${name}"; arms: ${[...known].join(", ")}` });
    };
    check(base, "base");
    for (const [i, names] of comparisons.entries())
      for (const [k, name] of names.entries()) check(name, "comparisons", i, k);
    for (const [i, name] of (only ?? []).entries()) check(name, "only", i);
    const all = Number.POSITIVE_INFINITY;
    const before = new Map([
      ["sft", all],
      ["init", all],
    ]);
    for (const [name, { model, pairs = all }] of Object.entries(arms)) {
      const path = ["arms", name, "model"];
      if (name === "sft" || name === "init")
        context.addIssue({
          code: "custom",
          path: ["arms", name],
          message: "sft and init name the models to start from",
        });
      if (!before.has(model))
        context.addIssue({
          code: "custom",
          path,
          message: `"${model}" is neither sft, init nor an arm above "${name}"`,
        });
      else if (before.get(model)! < pairs)
        context.addIssue({ code: "custom", path, message: `"${model}" has fewer pairs than "${name}"` });
      before.set(name, pairs);
    }
  });
export type AblationConfig = z.infer<typeof AblationConfig>;
