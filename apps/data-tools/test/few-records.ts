import { writeFileSync } from "node:fs";

/** Fields of a record, over those that it has by default. */
export type Fields = Readonly<Record<string, unknown>>;

/** A valid record of this id: a free-form question on a video of its own. */
export const fewRecord = (id: number | string, fields: Fields = {}): Record<string, unknown> => ({
  problem_id: id,
  problem: `What happens in ${id}?`,
  data_type: "video",
  problem_type: "free-form",
  options: [],
  solution: "<answer>a door opens</answer>",
  path: `./${id}.mp4`,
  data_source: "CLEVRER",
  own_field: { kept: [id] },
  ...fields,
});

/** Writes records as JSON Lines, or as a JSON array if the name ends in `.json`; returns the file. */
export function writeRecords(file: string, records: readonly object[]): string {
  const lines = records.map((record) => JSON.stringify(record));
  writeFileSync(file, file.endsWith(".json") ? `[${lines.join(",\n")}]` : lines.map((line) => `${line}\n`).join(""));
  return file;
}
