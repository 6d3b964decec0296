import type { Policy, Prompt } from "@videor1/tgrpo";
import type { PolicyInput } from "./policy.ts";
import type { RecordedAnswers } from "./protocol.ts";

/** Gives the recorded answers where a policy would sample. */
export function recordedAnswers(
  prompts: readonly Prompt<PolicyInput>[],
  answers: readonly RecordedAnswers[],
): Pick<Policy<PolicyInput>, "generate"> {
  const rowsOf = new Map(
    prompts.flatMap((prompt, i) => [
      [prompt.ordered, answers[i]!.ordered] as const,
      ...(prompt.kind === "video" && prompt.permuted ? [[prompt.permuted, answers[i]!.shuffled] as const] : []),
    ]),
  );
  return {
    async generate(inputs) {
      const rows = inputs.map((input) => rowsOf.get(input)!);
      return {
        sequences: rows.flat().map(({ completionIds }) => completionIds),
        promptOf: rows.flatMap((answers, i) => answers.map(() => i)),
        logps: rows.flat().map(({ logps }) => logps),
      };
    },
  };
}
