import type { ParquetWriter } from "hyparquet-writer";

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]["schema"][number];

/** The type of a column or of a part of it, as the values so far need it. */
export type ColumnType =
  | { kind: "none" }
  | { kind: "boolean" | "integer" | "number" | "text" | "json" }
  | { kind: "list"; element: ColumnType }
  | { kind: "struct"; fields: Map<string, ColumnType> };

/** Fields of a struct; an object with more is a table of its own, and is written as JSON. */
const mostFields = 200;

const none: ColumnType = { kind: "none" };

/** The type that holds the values of `type` and this value: JSON text, if they have none in common. */
export function widened(type: ColumnType, value: unknown): ColumnType {
  if (value === null || value === undefined || type.kind === "json") return type;
  if (Array.isArray(value)) {
    if (type.kind !== "list" && type.kind !== "none") return { kind: "json" };
    const element = type.kind === "list" ? type.element : none;
    const wider = value.reduce<ColumnType>(widened, element);
    return type.kind === "list" && wider === element ? type : { kind: "list", element: wider };
  }
  if (typeof value === "object") {
    if (type.kind !== "struct" && type.kind !== "none") return { kind: "json" };
    const fields = type.kind === "struct" ? type.fields : new Map<string, ColumnType>();
    for (const [name, held] of Object.entries(value)) fields.set(name, widened(fields.get(name) ?? none, held));
    if (fields.size > mostFields || fields.size === 0) return { kind: "json" };
    return type.kind === "struct" ? type : { kind: "struct", fields };
  }
  const kind = kindOf(value);
  if (type.kind === "none") return { kind };
  if (type.kind === kind || (type.kind === "number" && kind === "integer")) return type;
  return type.kind === "integer" && kind === "number" ? { kind } : { kind: "json" };
}

function kindOf(value: unknown): "boolean" | "integer" | "number" | "text" | "json" {
  if (typeof value === "string") return "text";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "number") return Number.isSafeInteger(value) && !Object.is(value, -0) ? "integer" : "number";
  return "json";
}

/** Whether a column holds no value at all, as a list of nothing has no element. */
export const isEmpty = ({ kind }: ColumnType): boolean => kind === "none";

/** A column in parquet's flat schema: its element, then those inside it. */
export function schemaElements(name: string, type: ColumnType): SchemaElement[] {
  const optional = { name, repetition_type: "OPTIONAL" } as const;
  switch (type.kind) {
    case "boolean":
      return [{ ...optional, type: "BOOLEAN" }];
    case "integer":
      return [{ ...optional, type: "INT64" }];
    case "number":
      return [{ ...optional, type: "DOUBLE" }];
    case "none": // the element of lists that are all empty
    case "text":
      return [{ ...optional, type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } }];
    case "json":
      return [{ ...optional, type: "BYTE_ARRAY", converted_type: "JSON", logical_type: { type: "JSON" } }];
    case "list":
      return [
        { ...optional, converted_type: "LIST", logical_type: { type: "LIST" }, num_children: 1 },
        { name: "list", repetition_type: "REPEATED", num_children: 1 },
        ...schemaElements("element", type.element),
      ];
    case "struct": {
      const fields = [...type.fields].filter(([, held]) => !isEmpty(held));
      if (fields.length === 0) return schemaElements(name, { kind: "json" });
      const inside = fields.map(([field, held]) => schemaElements(field, held));
      return [{ ...optional, num_children: fields.length }, ...inside.flat()];
    }
  }
}

/** A field of an object; what every object has, as `constructor`, is none. */
export const ownField = (object: object, name: string): unknown =>
  Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;

/** A value as the writer takes it for its type. */
export function parquetValue(value: unknown, type: ColumnType): unknown {
  if (value === null || value === undefined) return undefined;
  switch (type.kind) {
    case "integer":
      return BigInt(value as number);
    case "text":
      return String(value);
    case "list":
      return (value as unknown[]).map((held) => parquetValue(held, type.element));
    case "struct": {
      const fields = [...type.fields].filter(([, held]) => !isEmpty(held));
      if (fields.length === 0) return value;
      return Object.fromEntries(
        fields.map(([name, held]) => [name, parquetValue(ownField(value as object, name), held)]),
      );
    }
    default:
      return value;
  }
}

/** Columns, or parts of one as `videos.fps`, that are written as JSON text. */
export function jsonParts(name: string, type: ColumnType): string[] {
  switch (type.kind) {
    case "json":
      return [name];
    case "list":
      return jsonParts(name, type.element);
    case "struct":
      return [...type.fields].flatMap(([field, held]) => jsonParts(`${name}.${field}`, held));
    default:
      return [];
  }
}
