export { type Bucket, type BucketName, bucketOf, buckets } from "./buckets.ts";
export type { DataRecord } from "./data-record.ts";
