// node --conditions=@videor1/source --import tsx scripts/full-size/check-data-tools.ts FOLDER
// A made-up file of Video-R1-260k's size through the verbs of videor1-data that read no media: seconds, memory, and that every
// record ends once. Exit code 1 if a verb fails, takes too much memory, or loses a record.
import { createReadStream, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileHash } from "@videor1/data";
import { parse } from "yaml";
import { startSource, watchedRun } from "./watched-run.ts";

/** MiB of a process at its peak. */
const mostMemory = 500;
const folder = resolve(process.argv[2]!);
mkdirSync(folder, { recursive: true });
const at = (name: string) => join(folder, name);

let failed = 0;
function report(holds: boolean, line: string): void {
  if (!holds) failed += 1;
  console.log(`${line}${holds ? "" : " OFF"}`);
}

const made = startSource([join(import.meta.dirname, "make-records.ts"), at("all.json")], "inherit");
await new Promise((resolve) => made.once("close", resolve));

/** @param exitCode - What the verb is to end with: lint with 1, since some records are odd. */
async function run(verb: string, settings: readonly string[], exitCode = 0): Promise<void> {
  const ended = await watchedRun(["apps/data-tools/src/cli.ts", verb, ...settings], []);
  const took = `${ended.seconds.toFixed(1)} s (${ended.processorSeconds.toFixed(0)} of processors)`;
  const shown = settings.map((word) => word.replace(`${folder}/`, "")).join(" ");
  report(
    ended.exitCode === exitCode && ended.peakMemory < mostMemory,
    `${verb} ${shown}: ${took}, peak ${ended.peakMemory.toFixed(0)} MiB, exit code ${ended.exitCode}`,
  );
}

const linesOf = async (name: string): Promise<number> => {
  let lines = 0;
  for await (const chunk of createReadStream(at(name)) as AsyncIterable<Buffer>)
    for (const byte of chunk) if (byte === 10) lines += 1;
  return lines;
};

await run("convert", [at("all.json"), at("all.jsonl")]);
await run("convert", [at("all.jsonl"), at("all.parquet")]);
await run("convert", [at("all.parquet"), at("again.jsonl")]);
await run("inspect", [at("all.json"), `page=${at("all.html")}`]);
await run("lint", [at("all.json")], 1);
await run("curate", [at("all.json"), `output=${at("20k.jsonl")}`, "composition=video-r1", "total=20000"]);
await run("split", [
  at("all.jsonl"),
  `train=${at("train.jsonl")}`,
  `validation=${at("validation.jsonl")}`,
  "count=2000",
]);

const [converted, rejected] = [await linesOf("all.jsonl"), await linesOf("all.jsonl.rejected.jsonl")];
report(converted + rejected === 263_071, `convert: ${converted} records and ${rejected} rejected`);
const isSame = (await fileHash(at("all.jsonl"))) === (await fileHash(at("again.jsonl")));
report(isSame, `through parquet and back, the same bytes: ${isSame}`);
const sides = [await linesOf("train.jsonl"), await linesOf("validation.jsonl")];
report(sides[0]! + sides[1]! === converted, `split: ${sides.join(" and ")} of ${converted}`);
const { made: recipe } = parse(readFileSync(at("20k.jsonl.recipe.yaml"), "utf8")) as {
  made: { outputs: Record<string, { records: number }> };
};
report(recipe.outputs[at("20k.jsonl")]?.records === 20_000, `curate: ${await linesOf("20k.jsonl")} records`);
console.log(failed ? `${failed} are off` : "all hold");
process.exitCode = failed ? 1 : 0;
