import { readRecords } from "@videor1/data";
import type { Failure } from "../media/failure.ts";
import type { RecordsFile } from "../media/survey.ts";
import type { FrameFacts } from "./decode-once.ts";

/** The first line of a ledger: of which records, and how they were decoded. */
export interface LedgerHead {
  ledger: "videor1-data check";
  version: 1;
  files: RecordsFile[];
  /** Lines that follow, one a record. */
  records: number;
  rules: string;
  seed: number;
  /** Media options, without the media root. */
  media: Record<string, unknown>;
}

/** What `check` found of a record. */
export interface LedgerLine {
  /** Among the records of all files. */
  index: number;
  problemId: number | string | null;
  /** Why training would leave it out; the first reason. */
  failed?: Failure;
  media?: ({ path: string | readonly string[]; kind: "image" | "video" } & Partial<FrameFacts>)[];
}

/** A ledger that cannot be used here. */
export class LedgerError extends Error {
  override readonly name = "LedgerError";
  readonly code: "LEDGER_BROKEN" | "LEDGER_OTHER";
  readonly hint: string;

  constructor(
    code: LedgerError["code"],
    path: string,
    reason: string,
    hint = "Make it again with videor1-data check.",
  ) {
    super(`${path}: ${reason}`);
    this.code = code;
    this.hint = hint;
  }
}

/** An open ledger, whose lines are read one by one. */
export interface Ledger {
  head: LedgerHead;
  /** The line of the record after the last one read. @throws {LedgerError} If there is none, or another record's. */
  next(): Promise<LedgerLine>;
  /** @throws {LedgerError} If lines are left. */
  end(): Promise<void>;
  close(): Promise<void>;
}

/** @throws {LedgerError} If it is no ledger of `check`. @throws {DatasetError} If it is absent or not JSON Lines. */
export async function openLedger(path: string): Promise<Ledger> {
  const lines = readRecords(path);
  const broken = (reason: string) => new LedgerError("LEDGER_BROKEN", path, reason);
  const read = async () => (await lines.next()).value?.record as unknown;
  const head = Object(await read()) as LedgerHead;
  if (head.ledger !== "videor1-data check" || head.version !== 1)
    throw broken("the first line is not that of a ledger of videor1-data check");
  let count = 0;
  return {
    head,
    async next() {
      const line = await read();
      if (line === undefined) throw broken(`ends after ${count} of ${head.records} records`);
      const { index } = Object(line) as LedgerLine;
      if (index !== count) throw broken(`has record ${index} where record ${count} is due`);
      count += 1;
      return line as LedgerLine;
    },
    async end() {
      const isWhole = count === head.records && (await read()) === undefined;
      if (!isWhole) throw broken(`does not have the ${head.records} lines that its first one counts`);
    },
    close: async () => void (await lines.return()),
  };
}
