export { type Bucket, type BucketName, bucketOf, buckets } from "./buckets.ts";
export type { DataRecord } from "./data-record.ts";
export type { Check, Code, Finding, FoundAt, GroupFinding, Level } from "./lint/check.ts";
export { checks } from "./lint/checks.ts";
export { type FixedRecord, fixRecord } from "./lint/fix-record.ts";
export { type LintRecord, lintRecord } from "./lint/lint-record.ts";
export { createLinter, type Linter, type LinterOptions } from "./lint/linter.ts";
