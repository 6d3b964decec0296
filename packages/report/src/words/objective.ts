import type { ScoreOptions, TemporalOptions } from "@videor1/tgrpo";

/** The objective of an arm in one line. */
export function objective({ temporal, length, advantage }: ScoreOptions): string {
  const window = length.enabled ? `; +${length.omega} for ${length.min} to ${length.max} tokens` : "";
  return `${temporalBonus(temporal)}${window}; advantages ${divisions[advantage.scale]}`;
}

const divisions = {
  std: "divided by the standard deviation",
  batch: "divided by the standard deviation of the whole step",
  none: "not divided by the standard deviation",
} as const satisfies Record<ScoreOptions["advantage"]["scale"], string>;

function temporalBonus(temporal: TemporalOptions): string {
  switch (temporal.kind) {
    case "none":
      return "GRPO, no temporal reward";
    case "tgrpo": {
      const { alpha, strict, mu, target } = temporal;
      return `T-GRPO: +${alpha} to the ${target} of right answers if p ${strict ? ">" : "≥"} ${mu === 1 ? "" : `${mu} · `}p̃`;
    }
    case "contrast": {
      const { alpha, tau, clip, assignment } = temporal;
      const size =
        clip === 0 ? `+${alpha} for more than ${tau} nats` : `up to +${alpha} for ${tau} to ${tau + clip} nats`;
      return `GRPO with order contrast: ${size}, right answers${assignment === "own" ? "" : ", dealt out at random as a control"}`;
    }
    default:
      return temporal satisfies never;
  }
}
