import { lmmsEvalRow } from "./lmms-eval-row.ts";
import { isJsonRecord, type JsonRecord, type OutputRow, type RowPlace, textFields } from "./output-row.ts";

/** The output of a model in a JSON record or a table's row of any form that we know; undefined for another. */
export function recordRow(record: JsonRecord, place: RowPlace): OutputRow | undefined {
  return batchRow(record, place) ?? lmmsEvalRow(record, place) ?? failedRow(record, place) ?? plainRow(record, place);
}

/** A line of the output of `vllm run-batch`, or of an OpenAI batch. */
function batchRow({ custom_id: id, response, error }: JsonRecord, place: RowPlace): OutputRow | undefined {
  if (typeof id !== "string" || !(isJsonRecord(response) || isJsonRecord(error))) return undefined;
  const body = isJsonRecord(response) && isJsonRecord(response.body) ? response.body : {};
  const [choice] = Array.isArray(body.choices) ? (body.choices as unknown[]) : [];
  const message = isJsonRecord(choice) && isJsonRecord(choice.message) ? choice.message : {};
  if (typeof message.content === "string") return { place, id, output: message.content, fields: {} };
  const problem = error ?? body.error ?? "the reply has no text";
  return { place, id, output: undefined, reason: JSON.stringify(problem), fields: {} };
}

const ids = ["id", "problemId", "problem_id", "question_id", "qid", "pid"];
const outputs = ["output", "prediction", "response", "pred"];
const questions = ["question", "problem", "Question"];

/** A prediction of ours that failed. */
function failedRow({ status, reason, ...record }: JsonRecord, place: RowPlace): OutputRow | undefined {
  if (status === undefined || status === "answered" || status === "scored" || "output" in record) return undefined;
  const id = textAt(record, ids);
  return id === undefined
    ? undefined
    : { ...same(record, place), id, output: undefined, reason: String(reason ?? status) };
}

/** `{ id, output }`, a prediction of ours, a row of VLMEvalKit's, a result of Video-R1's. */
function plainRow(record: JsonRecord, place: RowPlace): OutputRow | undefined {
  const output = textAt(record, outputs);
  const id = textAt(record, ids);
  if (output === undefined) {
    const isNull = id !== undefined && outputs.some((name) => record[name] === null);
    return isNull ? { ...same(record, place), id, output, reason: "its output is null" } : undefined;
  }
  const position =
    typeof record.index === "number" || /^\d+$/.test(String(record.index)) ? Number(record.index) : undefined;
  return {
    ...same(record, place),
    output,
    ...(id !== undefined && { id }),
    ...(position !== undefined && { position }),
  };
}

function same(record: JsonRecord, place: RowPlace): Pick<OutputRow, "place" | "fields" | "benchmark" | "question"> {
  const question = textAt(record, questions);
  return {
    place,
    fields: textFields(record),
    ...(typeof record.benchmark === "string" && { benchmark: record.benchmark }),
    ...(question !== undefined && { question }),
  };
}

/** The first of these fields that is a text or a number. */
function textAt(record: JsonRecord, names: readonly string[]): string | undefined {
  const found = names
    .map((name) => record[name])
    .find((value) => typeof value === "string" || typeof value === "number");
  return found === undefined ? undefined : String(found);
}
