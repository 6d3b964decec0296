import type { TensorInfo } from "@tensorflow/tfjs-core";
import { TorchError, type TorchErrorCode } from "./errors.ts";

const hints: Partial<Record<TorchErrorCode, string>> = {
  OUT_OF_MEMORY: "Use smaller batches or gradient checkpointing; dispose what is not needed. The backend goes on.",
  NAN: "This op is the first to give one: look at its inputs. setTorchNaNCheck(false) ends the check.",
  NON_FINITE_LOGITS: "No token can be drawn from them: look at the weights.",
};

/** The error of an op that threw `cause`: its code, the op with its inputs' dtypes and shapes, and what to do. */
export function opFailed(op: string, tensors: readonly (TensorInfo | undefined)[], cause: unknown): TorchError {
  const { code, message } = cause as { code?: string; message: string };
  const given = tensors.filter((tensor) => tensor !== undefined);
  const inputs = given.map(({ dtype, shape }) => `${dtype} [${shape}]`).join(", ");
  const known = code === "OUT_OF_MEMORY" || code === "NAN" || code === "NON_FINITE_LOGITS" ? code : "OP_FAILED";
  return new TorchError(
    known,
    {
      message: `${op}(${inputs}): ${message.split("\n")[0]}`,
      hint: hints[known] ?? "See the shapes and dtypes above. The backend goes on.",
      op,
      shapes: given.map(({ shape }) => shape),
    },
    { cause },
  );
}
