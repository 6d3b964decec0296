import { z } from "zod";
import { BestSoFar } from "./best-so-far.ts";
import type { LoadedCheckpoint } from "./checkpoint.ts";
import { CheckpointError } from "./checkpoint-error.ts";
import { LedgerTotals } from "./ledger.ts";

/** State of a run in its checkpoints, besides weights and optimizer. */
export type SavedState<Position> = z.infer<typeof SavedState> & {
  /** Position of the data loader. */
  position: Position;
};

const SavedState = z.object({
  position: z.unknown(),
  ledger: LedgerTotals,
  skippedInARow: z.int().default(0).describe("absent in runs before 2026-12"),
  best: BestSoFar.nullable().default(null).describe("null before the first validation"),
  secondsElapsed: z.number().default(0),
});

/** @throws {CheckpointError} CHECKPOINT_INCOMPLETE if the checkpoint holds something else. */
export function savedState<Position>({ folder, state }: LoadedCheckpoint): SavedState<Position> {
  const { success, data, error } = SavedState.safeParse(state);
  if (success) return data as SavedState<Position>;
  const { path, message } = error.issues[0]!;
  const what = `its state is not what a run saves: ${path.join(".")} ${message}`;
  const hint = "Delete it to resume from an older checkpoint";
  throw new CheckpointError("CHECKPOINT_INCOMPLETE", { path: folder, what, hint });
}
