import { apportion } from "./apportion.ts";
import { type Part, partName } from "./composition.ts";
import { CompositionError } from "./composition-error.ts";

/** How many records a part is asked for, has, and gets. */
export interface Allocation {
  asked: number;
  available: number;
  taken: number;
}

/** What to do where a part has fewer records than asked: fill from the others in proportion, leave it short, or stop. */
export type OnShortfall = "fill" | "short" | "error";

export interface AllocateOptions {
  /** Records of the whole; the parts with a share have what counts and whole parts leave of it. */
  total?: number | undefined;
  onShortfall: OnShortfall;
}

/**
 * The records that each part gives. A count asks for itself, a part without count and share for all; shares divide the rest of
 * `total` or, without it, the largest number at which none of them is short. Filled seats go to the parts that have more, in
 * proportion to what each was asked for.
 *
 * @param available - Records of each part.
 * @throws {CompositionError} If a part is short and may not be, or the numbers cannot be met.
 */
export function allocate(
  parts: readonly Part[],
  available: readonly number[],
  { total, onShortfall }: AllocateOptions,
): Allocation[] {
  const asked = askedOf(parts, available, total);
  const short = parts.flatMap((part, i) =>
    asked[i]! > available[i]! ? [`${partName(part)}: asked ${asked[i]}, there are ${available[i]}`] : [],
  );
  if (short.length > 0 && onShortfall === "error")
    throw new CompositionError(
      "COMPOSITION_SHORT",
      `${short.length} of ${parts.length} parts have fewer records than asked: ${short.join("; ")}`,
      "Ask for fewer, or say onShortfall=fill (take more of the others) or onShortfall=short.",
    );
  const whole = asked.reduce((sum, count) => sum + count, 0);
  const taken =
    onShortfall === "fill"
      ? apportion(asked, whole, available)
      : asked.map((count, i) => Math.min(count, available[i]!));
  for (const [i, part] of parts.entries())
    if (taken[i]! < (part.least ?? 0))
      throw new CompositionError(
        "COMPOSITION_SHORT",
        `${partName(part)} gets ${taken[i]} of its ${available[i]} records, below its least, ${part.least}`,
        "Lower the part's least, or add records of it.",
      );
  return asked.map((count, i) => ({ asked: count, available: available[i]!, taken: taken[i]! }));
}

function askedOf(parts: readonly Part[], available: readonly number[], total: number | undefined): number[] {
  const asked = parts.map(({ count, share }, i) => (share === undefined ? (count ?? available[i]!) : 0));
  const fixed = asked.reduce((sum, count) => sum + count, 0);
  const shares = parts.map(({ share = 0 }) => share);
  const isShared = shares.some((share) => share > 0);
  if (!isShared && total !== undefined && fixed !== total)
    throw new CompositionError(
      "COMPOSITION_IMPOSSIBLE",
      `the parts ask for ${fixed} records, the total is ${total}`,
      "Leave the total out, or give parts a share in place of a count.",
    );
  if (total !== undefined && fixed > total)
    throw new CompositionError(
      "COMPOSITION_IMPOSSIBLE",
      `the parts without a share ask for ${fixed} records, more than the total, ${total}`,
      "Raise the total, or lower the counts.",
    );
  if (!isShared) return asked;
  const shared = total === undefined ? mostShared(parts, shares, available) : total - fixed;
  const seats = apportion(
    shares,
    shared,
    parts.map((_, i) => (total === undefined ? available[i]! : shared)),
  );
  return asked.map((count, i) => count + seats[i]!);
}

/** The most records at which no part with a share is short. */
function mostShared(parts: readonly Part[], shares: readonly number[], available: readonly number[]): number {
  const all = shares.reduce((sum, share) => sum + share, 0);
  const limits = shares.map((share, i) => (share > 0 ? (available[i]! * all) / share : Number.POSITIVE_INFINITY));
  const most = Math.min(...limits);
  if (most > 0) return Math.floor(most + 1e-9);
  throw new CompositionError(
    "COMPOSITION_IMPOSSIBLE",
    `${partName(parts[limits.indexOf(0)]!)} has a share and no record, so that no number of records has these shares`,
    "Give a total, or take the part out.",
  );
}
