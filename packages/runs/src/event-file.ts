/** TensorBoard's event files: TFRecords of Event messages, scalars only. */
import { closeSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { crc32c } from "./crc32c.ts";
import type { LineLog } from "./files/json-lines.ts";

/** The scalars of one step, such as a line of metrics.jsonl holds. */
export interface StepScalars {
  step: number;
  secondsElapsed: number;
  [name: string]: number;
}

const prefix = "events.out.tfevents.";

/**
 * Replaces a folder's event files by one that begins with `records`, the lines of metrics.jsonl, so that steps which a
 * resumed run makes again appear once. Every number of a record but its step becomes a scalar of the same name.
 *
 * @param started - When the run began, in ms since 1970. An event's time is that plus the record's `secondsElapsed`.
 * @param now - Names the file, in ms since 1970.
 * @see https://github.com/tensorflow/tensorboard/blob/2.19.0/tensorboard/compat/proto/event.proto
 */
export function openEventFile(
  folder: string,
  records: readonly StepScalars[],
  { started, now }: { started: number; now: number },
): LineLog<StepScalars> {
  for (const name of readdirSync(folder)) if (name.startsWith(prefix)) rmSync(join(folder, name));
  const name = `${prefix}${Math.floor(now / 1000)}.${hostname()}.${process.pid}`;
  const file = openSync(join(folder, name), "w");
  const begin = started / 1000;
  const write = (record: StepScalars) => writeFileSync(file, tfRecord(scalarEvent(record, begin)));
  writeFileSync(file, tfRecord(versionEvent(begin)));
  for (const record of records) write(record);
  return { write, close: () => closeSync(file) };
}

/** A TFRecord: length, its masked CRC, the data, its masked CRC; all little-endian. */
export function tfRecord(data: Uint8Array): Buffer {
  const record = Buffer.alloc(12 + data.length + 4);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedCrc(data), 12 + data.length);
  return record;
}

function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** The first event of every file. */
export const versionEvent = (wallTime: number): Buffer =>
  Buffer.concat([double(1, wallTime), bytes(3, Buffer.from("brain.Event:2"))]);

/** Event { wall_time, step, summary { value { tag, simple_value } … } }. */
export function scalarEvent({ step, ...values }: StepScalars, begin: number): Buffer {
  const summary = Object.entries(values).map(([name, value]) =>
    bytes(1, Buffer.concat([bytes(1, Buffer.from(name)), float(2, value)])),
  );
  const wallTime = begin + values.secondsElapsed!;
  return Buffer.concat([double(1, wallTime), tag(2, 0), varint(step), bytes(5, Buffer.concat(summary))]);
}

// Protocol buffers' wire format: a field is its tag, number * 8 + wire type, and its value.
const tag = (field: number, wireType: 0 | 1 | 2 | 5): Buffer => varint(field * 8 + wireType);

function varint(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128);
  return Buffer.from([...out, rest]);
}

const bytes = (field: number, content: Buffer): Buffer =>
  Buffer.concat([tag(field, 2), varint(content.length), content]);

function double(field: number, value: number): Buffer {
  const content = Buffer.alloc(8);
  content.writeDoubleLE(value);
  return Buffer.concat([tag(field, 1), content]);
}

function float(field: number, value: number): Buffer {
  const content = Buffer.alloc(4);
  content.writeFloatLE(value);
  return Buffer.concat([tag(field, 5), content]);
}
