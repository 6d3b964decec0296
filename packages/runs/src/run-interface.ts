import type { LedgerLine } from "./files/ledger-file.ts";
import type { EngineRecord } from "./files/manifest.ts";
import type { MetricsLine } from "./files/metrics.ts";
import type { RolloutGroupLine } from "./files/rollouts.ts";
import type { ValidationAnswer } from "./files/validation-answers.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";
import type { ValidationOptions } from "./run-options.ts";

/** What a worker needs to write a checkpoint: of all replicas, which are equal, one writes. */
export interface CheckpointRequest {
  root: string;
  step: number;
  state: object;
  keepLast: number;
  /** Step of the best checkpoint, which stays too. */
  best: number | null;
}

/** How a run is validated, and when it then ends. */
export interface RunValidation extends Pick<ValidationOptions, "everySteps" | "earlyStop"> {
  lowerIsBetter: boolean;
}

/** One validation: the value that decides which checkpoint is best, and all that was measured. */
export interface Validated {
  value: number;
  /** Written as `validation/<name>`. */
  metrics: Readonly<Record<string, number>>;
}

/** Files that a run adds lines to, and what it writes in each besides the step. */
export interface RunLines {
  "metrics.jsonl": Omit<MetricsLine, "step">;
  "ledger.jsonl": Omit<LedgerLine, "step">;
  "rollouts.jsonl": Omit<RolloutGroupLine, "step">;
  "validation.jsonl": Omit<ValidationAnswer, "step">;
  /** TensorBoard's event file. */
  events: Omit<MetricsLine, "step">;
}

export interface RunOptions {
  outputDir: string;
  /** The resolved config: saved beside the results, and compared when a run goes on. */
  config: {
    checkpoint: { everySteps: number; keep: number; keepBest: boolean };
    maxFailedShare: number;
    onNonFinite: "stop" | "skip";
  };
  /** The schema of the config, for comparing it with one that an earlier version saved, see `keepSettings`. */
  parseConfig?: (saved: unknown) => object;
  /** Files and folders that the results depend on: their content is compared too. */
  inputs: readonly string[];
  totalSteps: number;
  /** `import.meta.url` of the app, whose version the manifest tells. */
  module: string;
  /** Files of lines besides metrics.jsonl and ledger.jsonl. */
  logs?: readonly ("rollouts.jsonl" | "validation.jsonl")[];
  validation?: RunValidation | undefined;
}

/** A training run in its folder: where it stands, what it logs, when it saves. */
export interface Run<Position> {
  /** The folder of the trained model. */
  readonly modelDir: string;
  /** Whether an earlier process finished this run. */
  readonly done: boolean;
  /** Checkpoint that this process goes on from. */
  readonly checkpoint: string | undefined;
  /** Steps done. */
  readonly step: number;
  readonly totalSteps: number;
  /** Whether the last step is made: `totalSteps` are, or validation has not improved for long enough. */
  readonly isOver: boolean;
  /** Whether the step that is being made ends with a validation. */
  readonly isValidationDue: boolean;
  /** Where the data loader stood at the checkpoint. */
  readonly position: Position | undefined;
  readonly ledger: Pick<Ledger, "counts" | "totals">;
  /** Tells the manifest what computes. */
  setEngine(engine: EngineRecord): void;
  /** Adds a line about the step that is being made to a file. */
  append<Name extends keyof RunLines>(log: Name, record: RunLines[Name]): void;
  /**
   * Ends a step: counts its records and writes its line of metrics.jsonl; without metrics and validation, of a step that
   * had nothing to train on, none.
   *
   * @throws {TooManyFailuresError} If more records failed than the config allows.
   */
  endStep(end: {
    trained: number;
    others: readonly LedgerEntry[];
    metrics?: Readonly<Record<string, number>> | undefined;
    validation?: Validated | undefined;
  }): void;
  /**
   * Ends a step whose loss or gradient was not finite: its records are skipped.
   *
   * @throws {NonFiniteStepError} If the config says so, or it is the tenth such step in a row.
   * @throws {TooManyFailuresError} If more records failed than the config allows.
   */
  skipStep(end: { problemIds: readonly number[]; reason: string; others: readonly LedgerEntry[] }): void;
  /**
   * Saves a checkpoint if it is time, if the last validation was the best, or if the run is being stopped.
   *
   * @throws The signal's reason, once it is aborted and the checkpoint is safe.
   */
  checkpointIfDue(
    position: Position,
    signal: AbortSignal,
    save: (request: CheckpointRequest) => Promise<object>,
  ): Promise<void>;
  /**
   * Ends this process's work on the run, which always comes to this: tells the manifest how, closes the files and frees the
   * folder. Where a process is killed before, the manifest says nothing.
   *
   * @param error - What the work ended with: the signal's reason if it was stopped; absent if it is done.
   */
  end(error?: unknown): void;
}
