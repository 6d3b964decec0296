import { mendAnswers, openLog, writeLines } from "@videor1/runs";
import { keyOf, type Prediction } from "./prediction.ts";
import type { PredictionStore } from "./run.ts";

/** An open predictions file. */
export interface PredictionsFile extends PredictionStore {
  /** Keeps the last prediction of each problem, in the place of the first or in the order given, and closes the file. */
  close(order?: readonly Pick<Prediction, "problemId">[]): Promise<void>;
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
    async close(order = []) {
      file.close();
      const keys = [...latest.keys()];
      const ordered = [...new Set([...order.map(keyOf).filter((key) => latest.has(key)), ...keys])];
      if (lines > latest.size || ordered.some((key, i) => key !== keys[i]))
        writeLines(
          path,
          ordered.map((key) => latest.get(key)!),
        );
    },
  };
}
