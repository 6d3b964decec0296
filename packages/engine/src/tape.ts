// The one file that touches a private field of tfjs-core (4.22.0): `engine().state.activeTape`.
import { engine } from "@tensorflow/tfjs-core";

/** Runs a `gradients` inside a gradient function: it ends by setting the tape to null, which the outer one still needs. */
export function onOwnTape<Result>(gradients: () => Result): Result {
  const { state } = engine();
  const outer = state.activeTape;
  try {
    return withoutLeak(gradients);
  } finally {
    state.activeTape = outer;
  }
}

/** Runs a `gradients`; if it throws, disposes what its tape has saved, which tfjs-core forgets. */
export function withoutLeak<Result>(gradients: () => Result): Result {
  const { state } = engine();
  try {
    return gradients();
  } catch (error) {
    if (state.gradientDepth === 0) {
      for (const { saved = [] } of state.activeTape ?? []) for (const tensor of saved) tensor.dispose();
      state.activeTape = [];
    }
    throw error;
  }
}
