import type { z } from "zod";
import type { BenchmarkItem } from "./item.ts";
import type { Facts, FoundRow } from "./official-file.ts";

/** An item without what every benchmark's records have in common. */
export type MadeItem = Omit<BenchmarkItem, "benchmark" | "extra">;

/** What is wrong with a record, and in which field. */
export interface Fault {
  field: string;
  message: string;
}

/** One record to its item, or its faults. */
export type RecordReader = (row: FoundRow) => MadeItem | Fault[];

/**
 * Checks a record by its schema and makes an item of it.
 *
 * @param make - gives a fault where a field contradicts another, e.g. a gold that is none of the options.
 */
export function recordReader<R>(
  schema: z.ZodType<R>,
  make: (record: R, facts: Facts) => MadeItem | Fault,
): RecordReader {
  return ({ record, facts }) => {
    const { data, error } = schema.safeParse(record);
    if (error) return error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
    const made = make(data, facts);
    return "message" in made ? [made] : made;
  };
}

/** The fault of a gold that is not among the options. */
export const noOption = (field: string, gold: unknown, options: readonly string[]): Fault => ({
  field,
  message: `${JSON.stringify(gold)} is none of the ${options.length} options`,
});
