export type EngineErrorCode =
  | "BACKEND_MISSING"
  | "BACKEND_FAILED"
  | "OUT_OF_MEMORY"
  | "NOT_INITIALIZED"
  | "NO_BFLOAT16"
  | "NON_FINITE_LOGITS"
  | "NO_GRADIENT";

/** The tensor engine cannot start, or cannot go on. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: EngineErrorCode;
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: EngineErrorCode,
    { message, hint, ...details }: { message: string; hint: string; [detail: string]: unknown },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.hint = hint;
    this.details = details;
  }
}
