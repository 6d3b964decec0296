export type TorchErrorCode =
  | "ADDON_MISSING"
  | "ADDON_MISMATCH"
  | "OUT_OF_MEMORY"
  | "NAN"
  | "NON_FINITE_LOGITS"
  | "OP_FAILED"
  | "BAD_DEVICE"
  | "BAD_CPU_CAPABILITY";

interface Facts {
  message: string;
  hint: string;
  /** The kernel that failed. */
  op?: string;
  /** Shapes of the kernel's inputs. */
  shapes?: readonly (readonly number[])[];
}

/** The torch backend cannot be loaded, or one of its ops failed. After a failed op the backend goes on. */
export class TorchError extends Error {
  override readonly name = "TorchError";
  readonly code: TorchErrorCode;
  readonly hint: string;
  readonly op: string | undefined;
  readonly shapes: readonly (readonly number[])[];

  constructor(code: TorchErrorCode, { message, hint, op, shapes = [] }: Facts, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
    this.op = op;
    this.shapes = shapes;
  }
}
