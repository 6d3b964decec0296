export type { DataRecord } from "./data-record.ts";
