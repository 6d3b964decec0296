import type { LedgerLine } from "./files/ledger-file.ts";
import type { EngineRecord } from "./files/manifest.ts";
import type { MetricsLine } from "./files/metrics.ts";
import type { ProblemId } from "./files/question.ts";
import type { RolloutGroupLine } from "./files/rollouts.ts";
import type { ValidationAnswer } from "./files/validation-answers.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";
import type { ValidationOptions } from "./run-options.ts";

/** A request to one worker to write a checkpoint; all replicas are equal. */
export interface CheckpointRequest {
  root: string;
  step: number;
  state: object;
  keepLast: number;
  /** Step of the best checkpoint, which stays too. */
  best: number | null;
  /** Whether it has to be safe when the call ends. */
  wait: boolean;
}

/** A record that breaks the rules of records, as `RecordError` of @videor1/data has it. */
export interface InvalidRecord {
  problemId: ProblemId | undefined;
  message: string;
  place: { index: number };
}

/** When a run is validated, and when it stops early. */
export interface RunValidation extends Pick<ValidationOptions, "everySteps" | "earlyStop"> {
  lowerIsBetter: boolean;
}

/** One validation: the value that decides which checkpoint is best, and all that was measured. */
export interface Validated {
  value: number;
  /** Written as `validation/<name>`. */
  metrics: Readonly<Record<string, number>>;
}

/** The lines of each file that a run appends to, without their step. */
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
  /** The resolved config: saved beside the results, and compared when a run is resumed. */
  config: {
    checkpoint: { everySteps: number; keep: number; keepBest: boolean };
    maxFailedShare: number;
    onNonFinite: "stop" | "skip";
  };
  /** Parses a config that an earlier version saved, to compare it with this one, see `keepSettings`. */
  parseConfig?: (saved: unknown) => object;
  /** Files and folders that the results depend on: their content is compared too. */
  inputs: readonly string[];
  totalSteps: number;
  /** Whole key of the setting that `totalSteps` comes from, which may be raised on resume, also of a finished run. */
  stepsKey?: string;
  /** `import.meta.url` of the app, whose version goes into the manifest. */
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
  /** Checkpoint that this process resumes from. */
  readonly checkpoint: string | undefined;
  /** Steps done. */
  readonly step: number;
  readonly totalSteps: number;
  /** The number of steps that the run had until this process gave it another; undefined if it has the same. */
  readonly earlierTotalSteps: number | undefined;
  /** Whether `totalSteps` are made, or early stopping ends the run. */
  readonly isOver: boolean;
  /** Whether the current step ends with a validation. */
  readonly isValidationDue: boolean;
  /** Position of the data loader at the checkpoint. */
  readonly position: Position | undefined;
  readonly ledger: Pick<Ledger, "counts" | "totals">;
  /** Writes the engine into the manifest. */
  setEngine(engine: EngineRecord): void;
  /** Counts records that are left out of the whole run; a run that is resumed has them already. */
  leaveOut(records: readonly InvalidRecord[]): void;
  /** Appends a line about the current step to a file. */
  append<Name extends keyof RunLines>(log: Name, record: RunLines[Name]): void;
  /**
   * Ends a step: counts its records and writes its line of metrics.jsonl, unless it has neither metrics (nothing to train
   * on) nor a validation.
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
  skipStep(end: { problemIds: readonly ProblemId[]; reason: string; others: readonly LedgerEntry[] }): void;
  /** Throws the signal's reason if it is aborted, in this process or in another one of the run. */
  throwIfStopped(signal: AbortSignal): Promise<void>;
  /**
   * Saves a checkpoint if it is time, the last validation was the best, or the run is over or being stopped.
   *
   * @param save - Begins to save, and tells the step of the newest checkpoint that is safe.
   *
   * @throws The signal's reason, once it is aborted, in this process or in another one of the run, and the checkpoint is safe.
   */
  checkpointIfDue(
    position: Position,
    signal: AbortSignal,
    save: (request: CheckpointRequest) => Promise<{ safeStep: number | null }>,
  ): Promise<void>;
  /**
   * Ends this process's work on the run, on success and on failure: writes how it ended into the manifest, closes the files
   * and releases the lock. A process that was killed leaves no end in the manifest.
   *
   * @param error - The error that ended the work; the signal's reason if it was stopped, absent if it is done.
   */
  end(error?: unknown): void;
}
