import { type FileHandle, open, rename, writeFile } from "node:fs/promises";
import { problemTypes } from "@videor1/rewards";
import { PredictionsFileError } from "./errors.ts";
import type { Prediction } from "./prediction.ts";
import type { PredictionStore } from "./run.ts";

/** An open predictions file. */
export interface PredictionsFile extends PredictionStore {
  /** Removes predictions that later ones of the same problem replaced; each takes the place of its first. */
  close(): Promise<void>;
}

/**
 * Opens a predictions file, one JSON object a line, for a run to go on with; creates it if there is none. A last line
 * without line break, left by an interrupted write, is cut off.
 *
 * @throws {PredictionsFileError} If another line is not a prediction.
 */
export async function openPredictions(path: string): Promise<PredictionsFile> {
  const file = await open(path, "a+");
  try {
    const stored = await readComplete(file, path);
    const latest = new Map(stored.map((prediction) => [prediction.problemId, prediction]));
    let lines = stored.length;
    return {
      stored,
      async append(prediction) {
        await file.appendFile(lineOf(prediction));
        latest.set(prediction.problemId, prediction);
        lines++;
      },
      async close() {
        await file.close();
        if (lines > latest.size) await replaceLines(path, [...latest.values()].map(lineOf));
      },
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

const lineOf = (prediction: Prediction): string => `${JSON.stringify(prediction)}\n`;

/** After a crash the file is the old one or the new one. */
async function replaceLines(path: string, lines: readonly string[]): Promise<void> {
  const temporary = `${path}.tmp`;
  await writeFile(temporary, lines.join(""), { flush: true });
  await rename(temporary, path);
}

async function readComplete(file: FileHandle, path: string): Promise<Prediction[]> {
  const bytes = await file.readFile();
  const complete = bytes.subarray(0, bytes.lastIndexOf("\n") + 1);
  if (complete.length < bytes.length) await file.truncate(complete.length);
  return complete
    .toString("utf8")
    .split("\n")
    .flatMap((line, index) => (line === "" ? [] : [parseLine(line, { path, line: index + 1 })]));
}

function parseLine(text: string, place: { path: string; line: number }): Prediction {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new PredictionsFileError({ ...place, reason: "not JSON" }, { cause });
  }
  if (!isPrediction(value)) throw new PredictionsFileError({ ...place, reason: "not a prediction" });
  return value;
}

function isPrediction(value: unknown): value is Prediction {
  if (typeof value !== "object" || value === null) return false;
  const { problemId, problemType, solution, task, status, output, reason } = value as Record<string, unknown>;
  return (
    Number.isInteger(problemId) &&
    problemTypes.some((type) => type === problemType) &&
    typeof solution === "string" &&
    typeof task === "string" &&
    ((status === "answered" && typeof output === "string") || (status === "failed" && typeof reason === "string"))
  );
}
