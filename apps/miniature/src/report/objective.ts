import type { ScoreOptions } from "@videor1/tgrpo";

/** What an arm rewards, in one line. */
export function objective({ temporal, length, advantage }: ScoreOptions): string {
  const { alpha, strict, mu, target } = temporal;
  const factor = mu === 1 ? "" : `${mu} · `;
  const bonus = temporal.enabled
    ? `T-GRPO: +${alpha} to the ${target} of right answers if p ${strict ? ">" : "≥"} ${factor}p̃`
    : "GRPO, no temporal reward";
  const window = length.enabled ? `; +${length.omega} for ${length.min} to ${length.max} tokens` : "";
  return `${bonus}${window}; advantages ${advantage.scale === "std" ? "divided by" : "not divided by"} the standard deviation`;
}
