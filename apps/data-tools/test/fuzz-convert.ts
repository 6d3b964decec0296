import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseRecord, readRecords } from "@videor1/data";
import { type RandomStream, randomStream } from "@videor1/random";
import { folderOf, ours, run } from "./converted.ts";

const fixture = (name: string) => readFileSync(fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url)));

const row = {
  id: 1,
  video: "a.mp4",
  question: "Which?",
  choices: ["red", "blue"],
  answer: 1,
  start: "0:01",
  nframes: 4,
};
const talk = {
  id: "t",
  videos: ["a.mp4"],
  messages: [
    { role: "user", content: "<video>Which?\nA. red\nB. blue" },
    { role: "assistant", content: "<think>so</think><answer>B</answer>" },
    { role: "user", content: [{ type: "text", text: "How many?" }] },
    { role: "assistant", content: "3" },
  ],
};

/** A small file of each format, by name. */
const files: Readonly<Record<string, Buffer>> = {
  "q.csv": Buffer.from(
    'id,video,question,options,answer\n1,a.mp4,"one\ntwo",red|blue,red\n2,b.mp4,"q ""x""",,3\n3,c.mp4,q,a|b|c,B\n',
  ),
  "q.tsv": Buffer.from("video\tquestion\ta0\ta1\tanswer\na.mp4\tq\tx\ty\t0\nb.mp4\tq\tx\ty\t1\n"),
  "rows.json": Buffer.from(JSON.stringify([row, { ...row, id: 2, answer: 0 }])),
  "ours.jsonl": Buffer.from(ours.map((record) => JSON.stringify(record)).join("\n")),
  "talk.jsonl": Buffer.from(`${JSON.stringify(talk)}\n${JSON.stringify({ ...talk, id: 2, solution: "x" })}\n`),
  "images.parquet": fixture("datasets-images.parquet"),
};

/** Bytes that formats give a meaning. */
const pieces = [
  '"',
  "\n",
  ",",
  "\\",
  "{",
  "}",
  "[",
  "]",
  ":",
  "null",
  "1e999",
  "-",
  "\0",
  "\ud800",
  "é",
  "<answer>",
  "PAR1",
  "__proto__",
  "../",
];
const odd: readonly unknown[] = [
  null,
  {},
  [],
  "",
  "\0",
  -1,
  1e300,
  true,
  [[]],
  [null],
  { a: { b: [] } },
  "../../x",
  "A",
  "<video><image>",
];

/** What became of the inputs: conversions and refusals; each that was neither, with its bytes. */
export async function fuzzConvert(count: number, seed: number) {
  const random = randomStream(seed);
  const folder = folderOf({ "media/a.mp4": "x" });
  const faults: string[] = [];
  const ends = { converted: 0, refused: 0 };
  for (let i = 0; i < count; i += 1) {
    const [name, whole] = random.choice(Object.entries(files));
    const bytes = mutated(name, whole, random);
    const path = join(folder, name);
    writeFileSync(path, bytes);
    const output = join(folder, random.choice(["out.json", "out.parquet"]));
    const settings = random.next() < 0.3 ? [`mediaRoot=${join(folder, "media")}`, "missing=keep"] : [];
    const fault = await endOf([path, output, "overwrite=true", ...settings], output, ends).catch((error: Error) =>
      String(error.stack),
    );
    if (fault !== undefined) faults.push(`${i} ${name}: ${fault}\n${bytes.toString("latin1").slice(0, 2000)}`);
  }
  return { ...ends, faults };
}

async function endOf(
  argv: string[],
  output: string,
  ends: { converted: number; refused: number },
): Promise<string | undefined> {
  const { result, errors, exitCode } = await run(...argv);
  if (result === undefined) {
    ends.refused += 1;
    return exitCode === 1 && errors !== "" && !/\n\s+at /.test(errors)
      ? undefined
      : `ends with ${exitCode} and ${errors}`;
  }
  ends.converted += 1;
  const { rows, candidates, written, rejected } = result as Record<string, number>;
  if (candidates !== written! + rejected! || candidates! < rows!) return `counts ${JSON.stringify(result)}`;
  if ((written === 0) !== (exitCode === 1)) return `ends with ${exitCode} and ${written} records`;
  if (written === 0) return undefined;
  if (!existsSync(output)) return "no output";
  let read = 0;
  for await (const { record, place } of readRecords(output)) {
    parseRecord(record, place);
    read += 1;
  }
  return read === written ? undefined : `wrote ${written}, and ${read} are read`;
}

function mutated(name: string, whole: Buffer, random: RandomStream): Buffer {
  if (/jsonl?$/.test(name) && random.next() < 0.5) return withOddValue(name, whole, random);
  let bytes = whole;
  for (let left = 1 + random.int(3); left > 0; left -= 1) {
    const [from, length] = [Math.floor(random.next() * bytes.length), random.int(12)];
    const [before, part, after] = [
      bytes.subarray(0, from),
      bytes.subarray(from, from + length),
      bytes.subarray(from + length),
    ];
    const kind = random.int(5);
    if (kind === 0) bytes = Buffer.concat([before, after]);
    else if (kind === 1) bytes = Buffer.concat([before, part, part, after]);
    else if (kind === 2) bytes = Buffer.concat([before, Buffer.from(random.choice(pieces)), part, after]);
    else if (kind === 3) bytes = before;
    else {
      bytes = Buffer.from(bytes);
      if (bytes.length > 0) bytes[Math.min(from, bytes.length - 1)] = random.int(256);
    }
  }
  return bytes;
}

/** One value of a record, at any depth, is another. */
function withOddValue(name: string, whole: Buffer, random: RandomStream): Buffer {
  const isLines = name.endsWith("l");
  const records = isLines
    ? whole
        .toString()
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as object)
    : (JSON.parse(whole.toString()) as object[]);
  let at = random.choice(records) as Record<string, unknown>;
  for (;;) {
    const key = random.choice(Object.keys(at));
    const held = at[key];
    const isDeep = typeof held === "object" && held !== null && Object.keys(held).length > 0 && random.next() < 0.6;
    if (!isDeep) {
      at[key] = random.choice(odd);
      break;
    }
    at = held as Record<string, unknown>;
  }
  return Buffer.from(isLines ? records.map((record) => JSON.stringify(record)).join("\n") : JSON.stringify(records));
}
