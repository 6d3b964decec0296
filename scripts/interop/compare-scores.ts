// Our readings of made-up outputs against those of the real lmms-eval and VLMEvalKit, which score_outputs.py makes.
// node --conditions=@videor1/source --import tsx scripts/interop/compare-scores.ts make CASES [count] [seed]
// node --conditions=@videor1/source --import tsx scripts/interop/compare-scores.ts compare CASES
// The exit code is 1 if a reading differs.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type BenchmarkItem,
  BenchmarkRecordError,
  benchmarkNames,
  itemsOf,
  lmmsEval,
  type OfficialContents,
  type Reading,
  type Scorer,
  vlmevalkit,
} from "@videor1/eval";
import { randomStream } from "@videor1/random";
import { mutated, otherTexts } from "./mutated.ts";

type Cell = [score: number | null, extracted: unknown, status: string];
interface Scored {
  id: string;
  "lmms-eval": Cell[];
  vlmevalkit?: Cell[];
}

const [, , action, folder, count = "3000", seed = "0"] = process.argv;
if (folder === undefined || (action !== "make" && action !== "compare"))
  throw new Error("say make or compare, and CASES");
const golden = new URL("../../packages/eval/test/golden/benchmarks/", import.meta.url);
const json = (path: string | URL) => JSON.parse(readFileSync(path, "utf8"));

if (action === "make") {
  const { outputs } = json(new URL("outputs.json", golden)) as { outputs: { text: string }[] };
  const texts = outputs.map(({ text }) => text);
  const random = randomStream(Number(seed));
  const made = Array.from({ length: Number(count) }, () => mutated(texts, () => random.next()));
  const choicesOnly = ["mvbench", "egoschema"]; // an answer of these is never a number of its own
  const other = () =>
    probes((content, name) => otherTexts(content, texts, () => random.next(), !choicesOnly.includes(name)));
  const items = [...probes((content) => content), ...other(), ...other(), ...other()];
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "cases.json"), JSON.stringify({ outputs: made, items }));
} else {
  const { outputs, items } = json(join(folder, "cases.json")) as { outputs: string[]; items: BenchmarkItem[] };
  const { scored } = json(join(folder, "scores.json")) as { scored: Scored[] };
  let [cells, differences] = [0, 0];
  for (const [i, theirs] of scored.entries()) {
    const item = items[i]!;
    for (const [name, scorer] of Object.entries({ "lmms-eval": lmmsEval, vlmevalkit }) as ["lmms-eval", Scorer][]) {
      for (const [j, cell] of (theirs[name] ?? []).entries()) {
        cells++;
        const ours = cellOf(scorer[item.benchmark]!.read(item, outputs[j]!));
        if (areEqual(ours, cell)) continue;
        differences++;
        console.log(`${name} ${item.benchmark} ${item.id} ${JSON.stringify(outputs[j])}`);
        console.log(`  theirs ${JSON.stringify(cell)}\n  ours   ${JSON.stringify(ours)}`);
      }
    }
  }
  console.log(`${differences} of ${cells} readings differ`);
  process.exitCode = differences > 0 ? 1 : 0;
}

/** The probes of the recorded tables, from their files' JSON after a change that the benchmark's reader takes. */
function probes(change: (content: string, name: string) => string): BenchmarkItem[] {
  return benchmarkNames.flatMap((name) => {
    const table = json(new URL(`${name.replaceAll("-", "")}.json`, golden)) as { files: unknown; probes: unknown[] };
    const content = JSON.stringify(table.files);
    const names = table.probes.map(String);
    for (let left = 50; left > 0; left--) {
      try {
        return itemsOf(name, JSON.parse(change(content, name)) as OfficialContents).filter(({ id }) =>
          names.includes(id),
        );
      } catch (error) {
        if (!(error instanceof BenchmarkRecordError)) throw error;
      }
    }
    throw new Error(`no change of ${name} that its reader takes`);
  });
}

function cellOf({ score, extracted = null, status }: Reading): Cell {
  const plain = (value: unknown) =>
    typeof value === "number" && !Number.isFinite(value)
      ? String(value).toLowerCase().replace("infinity", "inf")
      : value;
  return [score, Array.isArray(extracted) ? extracted.map(plain) : plain(extracted), status ?? "ok"];
}

/** Scores to 1e-9; what was extracted only where the real scorer says so; a list, whose order is a set's, by its characters. */
function areEqual([score, extracted, status]: Cell, theirs: Cell): boolean {
  const [wanted, answer, itsStatus] = theirs;
  if (status !== itsStatus || (score === null) !== (wanted === null)) return false;
  if (score !== null && Math.abs(score - wanted!) > 1e-9) return false;
  return answer === null || characters(extracted) === characters(answer);
}

function characters(value: unknown): string {
  return [...JSON.stringify(value)].toSorted().join("");
}
