/** A config.json that is not a Qwen2.5-VL this package can run. */
export class ModelConfigError extends Error {
  override readonly name = "ModelConfigError";
  readonly code = "CONFIG_INVALID";
  readonly source: string;
  readonly issues: readonly string[];
  readonly hint: string;

  constructor(
    { source, issues, hint }: { source: string; issues: readonly string[]; hint: string },
    options?: ErrorOptions,
  ) {
    super(`${source}: ${issues.join("; ")}. ${hint}`, options);
    this.source = source;
    this.issues = issues;
    this.hint = hint;
  }
}

/** Checkpoint files whose tensors are not the ones the config asks for. */
export class WeightsError extends Error {
  override readonly name = "WeightsError";
  readonly code = "WEIGHTS_MISMATCH";
  readonly folder: string;
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  /** `name: file [shape], config [shape]` of each tensor with a wrong shape. */
  readonly misshaped: readonly string[];
  readonly hint: string;

  constructor(
    folder: string,
    problems: {
      missing?: readonly string[];
      unexpected?: readonly string[];
      misshaped?: readonly string[];
      what?: string;
    },
    options?: ErrorOptions,
  ) {
    const { missing = [], unexpected = [], misshaped = [], what } = problems;
    const parts = [
      ...(what ? [what] : []),
      ...(missing.length ? [`missing: ${missing.join(", ")}`] : []),
      ...(unexpected.length ? [`unexpected: ${unexpected.join(", ")}`] : []),
      ...(misshaped.length ? [`wrong shape: ${misshaped.join(", ")}`] : []),
    ];
    const hint = "Use the config.json and the weight files of one and the same checkpoint, completely downloaded.";
    super(`${folder}: ${parts.join("; ")}. ${hint}`, options);
    this.folder = folder;
    this.missing = missing;
    this.unexpected = unexpected;
    this.misshaped = misshaped;
    this.hint = hint;
  }
}

/** A folder that is no LoRA adapter of this model, or one that does what this package cannot. */
export class AdapterError extends Error {
  override readonly name = "AdapterError";
  readonly code = "ADAPTER_INVALID";
  readonly folder: string;
  readonly issues: readonly string[];
  readonly hint: string;

  constructor(folder: string, issues: readonly string[], hint: string, options?: ErrorOptions) {
    super(`${folder}: ${issues.join("; ")}. ${hint}`, options);
    this.folder = folder;
    this.issues = issues;
    this.hint = hint;
  }
}

/** The model's logits are NaN or infinite, so no token can be drawn from them. */
export class NonFiniteLogitsError extends Error {
  override readonly name = "NonFiniteLogitsError";
  readonly code = "NON_FINITE_LOGITS";
  readonly logSum: number;
  readonly hint =
    "A weight of the model is NaN or so large that its numbers overflow; load other weights, or train at a lower learning rate.";

  constructor(logSum: number) {
    super(`The model's logits are not finite: log sum exp is ${logSum}`);
    this.logSum = logSum;
  }
}

export type ModelInputErrorCode = "SHAPE" | "TOKEN_RANGE" | "VISION_MISMATCH" | "NO_PROMPT" | "GENERATE_OPTIONS";

/** Model inputs that contradict one another or the model. */
export class ModelInputError extends Error {
  override readonly name = "ModelInputError";
  readonly code: ModelInputErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly hint: string;

  constructor(code: ModelInputErrorCode, what: string, hint: string, details: Record<string, unknown> = {}) {
    super(`${what}. ${hint}`);
    this.code = code;
    this.details = details;
    this.hint = hint;
  }
}
