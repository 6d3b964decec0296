/** A step of several updates failed after some of them were made, so that its weights belong to no step. */
export class HalfMadeStepError extends Error {
  override readonly name = "HalfMadeStepError";
  readonly code = "STEP_HALF_MADE";
  readonly hint =
    "The last checkpoint is intact: the same command goes on from there. Lower the learning rate, or set loss.iterations=1.";

  constructor(made: number, iterations: number, cause: Error) {
    super(`${cause.message}, after ${made} of the step's ${iterations} updates were made`, { cause });
  }
}
