import { createHash } from "node:crypto";
import { type AnnotateConfig, askedSettings } from "./config.ts";
import type { Question } from "./read-questions.ts";

/**
 * The id of a record's request in a batch file: the record's own, a hash of all that its answers depend on, and the sample that its
 * choices begin with; so that answers to other settings, or read twice, are told from those that are wanted.
 */
export function batchIds(config: AnnotateConfig): (question: Question, first: number) => string {
  const settings = JSON.stringify(askedSettings(config));
  return ({ key, asked }, first) => {
    const hash = createHash("sha256").update(`${settings}\n${asked}`).digest("hex").slice(0, 12);
    return `${key}@${hash}.${first}`;
  };
}
