import { mendAnswers, openLog, writeLines } from "@videor1/runs";
import { keyOf, type Prediction } from "./prediction.ts";
import type { PredictionStore } from "./run.ts";

/** An open predictions file. */
export interface PredictionsFile extends PredictionStore {
  /** Keeps the last prediction of each problem, in the place of the first, and closes the file. */
  close(): Promise<void>;
}

/**
 * Opens a predictions file, one JSON object a line, to which a run appends; creates it if there is none. A last line that
 * an interrupted write cut short is removed.
 *
 * @throws {RunFileError} If another line is not a prediction.
 */
export async function openPredictions(path: string): Promise<PredictionsFile> {
  const stored = mendAnswers(path);
  const latest = new Map(stored.map((prediction) => [keyOf(prediction), prediction]));
  let lines = stored.length;
  const file = openLog<Prediction>(path);
  return {
    stored,
    async append(prediction) {
      file.write(prediction);
      latest.set(keyOf(prediction), prediction);
      lines++;
    },
    async close() {
      file.close();
      if (lines > latest.size) writeLines(path, [...latest.values()]);
    },
  };
}
