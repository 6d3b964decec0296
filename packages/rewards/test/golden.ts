import { readFileSync } from "node:fs";

/** A recorded file of `test/golden`, typed by the caller. */
export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), "utf8")) as T;
}

export interface RewardCase {
  id: string;
  type: string;
  completion: string;
  solution: string;
  expected_accuracy: number;
  expected_format: number;
  extracted_answer: string;
  extracted_solution: string;
  expected_eval: number;
  expected_eval_prediction: string;
  expected_eval_process: string | null;
}

export interface RewardGolden {
  source: { repo: string; commit: string };
  tolerance: { accuracy: number; eval: number };
  cases: RewardCase[];
}
