import type { BenchmarkItem } from "../../item.ts";
import type { BenchmarkScorer, Reading } from "../scorer.ts";

/** VLMEvalKit's rules for one benchmark, whose replies may have gone through its files. */
export interface Rules extends Pick<BenchmarkScorer, "aggregate"> {
  /**
   * @param reply - undefined where the file has NaN.
   * @param output - the reply before it went through a file.
   */
  read(item: BenchmarkItem, reply: string | undefined, output: string): Reading;
  /** Over replies that went through no file, where that is another rule. */
  readBare?(item: BenchmarkItem, reply: string): Reading;
}

/** `str(reply)` where NaN is "nan". */
export const replyText = (reply: string | undefined): string => reply ?? "nan";
