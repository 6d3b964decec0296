export { type Bucket, type BucketName, bucketOf, buckets } from "./buckets.ts";
export type { DataRecord } from "./data-record.ts";
export { compareDescriptions, type Difference } from "./describe/compare.ts";
export { type Count, createDescriber, type Description, type LengthName } from "./describe/describe.ts";
export { type Distribution, gather } from "./describe/distribution.ts";
export type { Check, Code, Finding, FoundAt, GroupFinding, Level } from "./lint/check.ts";
export { checks } from "./lint/checks.ts";
export { type FixedRecord, fixRecord } from "./lint/fix-record.ts";
export { type LintRecord, lintRecord } from "./lint/lint-record.ts";
export { createLinter, type Linter, type LinterOptions } from "./lint/linter.ts";
export {
  createMediaComparer,
  type MediaComparer,
  type ReadMedium,
} from "./lint/media/compare-media.ts";
export { type FrameFingerprint, frameFingerprint } from "./lint/media/fingerprint.ts";
export { mediaCodes } from "./lint/media/media-codes.ts";
export { createOthers, type Other, type Others } from "./lint/others.ts";
export { textKey } from "./lint/text-key.ts";
