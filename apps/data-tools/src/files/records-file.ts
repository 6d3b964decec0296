import { z } from "zod";

/** The name of a file that records are written to; it decides their layout. */
export const RecordsFile = z.string().regex(/\.(json|jsonl|ndjson)$/i, "must end in .json, .jsonl or .ndjson");
