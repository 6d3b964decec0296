import type { ProblemId } from "@videor1/runs";

/** Two records of one benchmark carry the same id, so their predictions could not be told apart. */
export class DuplicateProblemError extends Error {
  override readonly name = "DuplicateProblemError";
  readonly code = "DUPLICATE_PROBLEM";
  readonly problemId: ProblemId;
  readonly hint = "Give every record of the benchmark its own problem_id.";

  constructor(problemId: ProblemId) {
    super(`Problem ${problemId} is in the benchmark twice`);
    this.problemId = problemId;
  }
}

/** A stored prediction has the id of a record, but belongs to another question. */
export class PredictionMismatchError extends Error {
  override readonly name = "PredictionMismatchError";
  readonly code = "PREDICTION_MISMATCH";
  readonly problemId: ProblemId;
  readonly hint = "The predictions come from another benchmark or another version of it; write to a new file.";

  constructor(problemId: ProblemId) {
    super(`Problem ${problemId}: the stored prediction has another problem type or solution than the record`);
    this.problemId = problemId;
  }
}
