import {
  conversationColumn,
  type Draft,
  draftsOfConversation,
  isOwnConversation,
  type Mapping,
  mappedFields,
  mappingOfColumns,
  mappingPresets,
  type Row,
  recordOfConversation,
  type TurnChoice,
} from "@videor1/curation";
import { problemTypes } from "@videor1/rewards";
import { ConvertError } from "./convert-error.ts";

/** How rows become records: as they are, or through drafts of their fields. */
export type RowMapping = { name: string; says: string } & (
  | { kind: "records"; recordOf(row: Row): Record<string, unknown> }
  | { kind: "drafts"; mapping: Mapping | undefined; draftsOf(row: Row): Draft[] }
);

/** Names of mappings that are no table of columns. */
export const builtinMappings = ["video-r1", "sharegpt", "columns"] as const;

/** Names that `mapping` takes. */
export const mappingNames: readonly string[] = [...builtinMappings, ...Object.keys(mappingPresets)];

export interface ChooseMappingOptions {
  file: string;
  /** A name, or a mapping of one's own; undefined: what the rows look like. */
  given: string | Mapping | undefined;
  turns: TurnChoice;
}

/**
 * The mapping of rows, of which some are seen.
 *
 * @throws {ConvertError} If it has no name that is known, or columns tell neither question, answer nor media.
 */
export function chooseMapping(rows: readonly Row[], { file, given, turns }: ChooseMappingOptions): RowMapping {
  if (typeof given === "object") return ofColumns(given, "a mapping of its own");
  const name = given ?? nameFor(rows);
  const found = given === undefined ? " (found)" : "";
  if (name === "own")
    return {
      kind: "records",
      name: "sharegpt",
      says: "records that to=sharegpt or to=llava wrote",
      recordOf: recordOfConversation,
    };
  if (name === "video-r1")
    return { kind: "records", name, says: `Video-R1's records${found}`, recordOf: (row) => ({ ...row }) };
  if (name === "sharegpt") {
    const column = rows.map(conversationColumn).find((each) => each !== undefined) ?? "conversations";
    const draftsOf = (row: Row) => draftsOfConversation(row, conversationColumn(row) ?? column, turns);
    return {
      kind: "drafts",
      name,
      says: `conversations in the column ${column}${found}`,
      mapping: undefined,
      draftsOf,
    };
  }
  if (name !== "columns") return ofColumns(mappingPresets[name]!, name);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const mapping = mappingOfColumns(columns);
  const media = ["path", "video", "videos", "image", "images"];
  const lacking = [
    ...("problem" in mapping.fields ? [] : ["the question (problem)"]),
    ...("solution" in mapping.fields ? [] : ["the answer (solution)"]),
    ...(media.some((field) => field in mapping.fields) ? [] : ["the video or image (video, image)"]),
  ];
  if (lacking.length > 0)
    throw new ConvertError(
      file,
      `none of its columns is known as ${lacking.join(", ")}; they are ${columns.join(", ")}`,
      `Say which: mapping="{ fields: { problem: <column>, solution: <column>, video: <column> } }", or the same as a file mapping=mapping.yaml.`,
    );
  return ofColumns(mapping, "columns");
}

function ofColumns(mapping: Mapping, name: string): RowMapping {
  const draftsOf = (row: Row): Draft[] => {
    const { values, taken } = mappedFields(row, mapping);
    return [{ values, rest: Object.fromEntries(Object.entries(row).filter(([column]) => !taken.has(column))) }];
  };
  const fields = Object.entries(mapping.fields).map(([field, source]) => `${field} from ${sourceText(source)}`);
  return { kind: "drafts", name, says: `${name}: ${fields.join("; ")}`, mapping, draftsOf };
}

function sourceText(source: Mapping["fields"][string]): string {
  if (typeof source === "string") return source;
  if (Array.isArray(source)) return source.join(", ");
  const { column, columns, constant, template } = source as Record<string, unknown>;
  return String(column ?? columns ?? template ?? JSON.stringify(constant));
}

function nameFor(rows: readonly Row[]): string {
  const most = (test: (row: Row) => boolean) => rows.filter(test).length > rows.length / 2;
  if (most(isOwnConversation)) return "own";
  if (most(isVideoR1)) return "video-r1";
  return most((row) => conversationColumn(row) !== undefined) ? "sharegpt" : "columns";
}

const isVideoR1 = ({ problem_type, solution, problem, data_type, path, images, videos }: Row): boolean =>
  problemTypes.some((type) => type === problem_type) &&
  typeof problem === "string" &&
  typeof solution === "string" &&
  solution.includes("<answer>") &&
  ((path != null && data_type != null) || images != null || videos != null);
