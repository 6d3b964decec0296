import { createHash } from "node:crypto";
import { mendLines, openLog } from "@videor1/runs";
import { z } from "zod";

const CacheLine = z.object({
  model: z.string(),
  prompt: z.string(),
  benchmark: z.string(),
  id: z.string(),
  /** SHA-256 of the output that was judged. */
  output: z.string(),
  reply: z.string(),
});
type CacheLine = z.infer<typeof CacheLine>;

/** What a reply is kept under: another model, prompt, item or output is asked anew. */
export type JudgedOutput = Omit<CacheLine, "reply">;

/** Replies of a judge that were paid for. */
export interface JudgeCache {
  get(judged: JudgedOutput): string | undefined;
  /** Keeps a reply, on disk before it returns. */
  put(judged: JudgedOutput, reply: string): void;
  close(): void;
}

export const outputHash = (output: string): string => createHash("sha256").update(output).digest("hex");

/**
 * Opens a judge's replies, a JSON object a line; creates the file if there is none. A last line that was cut short is
 * removed; of two replies to the same the last counts.
 *
 * @throws {RunFileError} If another line is none of a cache's.
 */
export function openJudgeCache(path: string): JudgeCache {
  const lines = mendLines(path, CacheLine, { hint: "It is no file of judge replies; give another path." });
  const replies = new Map(lines.map(({ reply, ...judged }) => [keyOf(judged), reply]));
  const log = openLog<CacheLine>(path);
  return {
    get: (judged) => replies.get(keyOf(judged)),
    put(judged, reply) {
      log.write({ ...judged, reply });
      replies.set(keyOf(judged), reply);
    },
    close: () => log.close(),
  };
}

const keyOf = ({ model, prompt, benchmark, id, output }: JudgedOutput): string =>
  JSON.stringify([model, prompt, benchmark, id, output]);
