/** A file of outputs cannot be read as one. */
export class OutputsFileError extends Error {
  override readonly name = "OutputsFileError";
  readonly code = "OUTPUTS_FILE";
  readonly file: string;
  readonly hint: string;

  constructor(place: { file: string; line?: number }, problem: string, hint: string, options?: ErrorOptions) {
    super(`${place.file}${place.line === undefined ? "" : `, line ${place.line}`}: ${problem}`, options);
    this.file = place.file;
    this.hint = hint;
  }
}

export const formsHint =
  "Known are lines or lists of {id, output}, predictions of ours, lmms-eval's *_samples_*.jsonl, VLMEvalKit's .xlsx, .tsv, .csv and .json, outputs of vllm run-batch, and the results of Video-R1's eval_bench.py.";
