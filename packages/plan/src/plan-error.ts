import type { Plan } from "./make-plan.ts";
import { gigabytes } from "./plan-lines.ts";

/** A run would need more memory or disk than there is. */
export class DoesNotFitError extends Error {
  override readonly name = "DoesNotFitError";
  readonly code = "DOES_NOT_FIT";
  readonly plan: Plan;
  readonly hint: string;

  /** @param settings - Alternatives under which it would fit. */
  constructor(plan: Plan, settings: readonly (readonly string[])[]) {
    super(`The run does not fit: ${lackLines(plan).join("; ")}.`);
    this.plan = plan;
    this.hint = `${adviceOf(plan, settings)} --plan shows the count, --ignore-plan starts in spite of it.`;
  }
}

/** What is missing, a clause each. */
export function lackLines({ lacks, card, ranks, needed, host, disk }: Plan): string[] {
  const each = ranks > 1 ? `each of ${ranks} times ` : "";
  return lacks.map((lack) => {
    if (lack === "memory")
      return `${gigabytes(needed)} GB on ${each}${card.name}, which has ${gigabytes(card.memoryBytes)}`;
    if (lack === "elements") return "gradients of more than 2^32 elements, which several workers cannot add up";
    if (lack === "host memory")
      return `${gigabytes(host.needed)} GB of the host's memory, which is ${gigabytes(host.present!)}`;
    return `${gigabytes(disk.needed)} GB of disk for checkpoints and the model, ${gigabytes(disk.present!)} are free`;
  });
}

/** The settings under which it would fit, or that none is known. */
export function adviceOf({ card }: Plan, settings: readonly (readonly string[])[]): string {
  if (settings.length === 0) return `No setting that is known makes it fit on ${card.name}.`;
  return `It fits with ${settings.map((together) => together.join(" ")).join(", or with ")}.`;
}
