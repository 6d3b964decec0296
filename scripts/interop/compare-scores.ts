// Our readings of made-up outputs against those of the real lmms-eval and VLMEvalKit, which score_outputs.py makes, and of the
// benchmarks' own code, which score_official.py makes; whichever is there.
// node --conditions=@videor1/source --import tsx scripts/interop/compare-scores.ts make CASES [count] [seed]
// node --conditions=@videor1/source --import tsx scripts/interop/compare-scores.ts compare CASES
// The exit code is 1 if a reading differs.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type BenchmarkItem,
  type BenchmarkName,
  BenchmarkRecordError,
  benchmarkNames,
  itemsOf,
  lmmsEval,
  type OfficialContents,
  official,
  type Reading,
  type Scorer,
  vlmevalkit,
} from "@videor1/eval";
import { randomStream } from "@videor1/random";
import { mutated, otherTexts } from "./mutated.ts";

interface Run {
  benchmark: BenchmarkName;
  items: BenchmarkItem[];
  outputs: string[];
}
interface Cases {
  outputs: string[];
  items: BenchmarkItem[];
  runs: Run[];
}
type RunResult = Partial<Record<"lmms-eval" | "vlmevalkit", unknown>>;
type Cell = [score: number | null, extracted: unknown, status: string];
interface Scored {
  id: string;
  "lmms-eval"?: Cell[];
  vlmevalkit?: Cell[];
  official?: Cell[];
}

const [, , action, folder, count = "3000", seed = "0"] = process.argv;
if (folder === undefined || (action !== "make" && action !== "compare"))
  throw new Error("say make or compare, and CASES");
const golden = new URL("../../packages/eval/test/golden/benchmarks/", import.meta.url);
const recordedNames = benchmarkNames.filter((name) => existsSync(new URL(`${name.replaceAll("-", "")}.json`, golden)));
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
  const runs = recordedNames.flatMap((name) =>
    Array.from({ length: 20 }, () => madeRun(name, made, () => random.next())),
  );
  writeFileSync(join(folder, "cases.json"), JSON.stringify({ outputs: made, items, runs }));
} else {
  const { outputs, items, runs } = json(join(folder, "cases.json")) as Cases;
  const tablesIn = (name: string) => {
    const file = join(folder, name);
    return existsSync(file) ? (json(file) as { scored: Scored[]; runs?: RunResult[] }) : { scored: [] };
  };
  const { scored, runs: results = [] } = tablesIn("scores.json");
  const tables = [scored, tablesIn("official.json").scored];
  let [cells, differences] = [0, 0];
  const scorers = Object.entries({ "lmms-eval": lmmsEval, vlmevalkit, official }) as ["official", Scorer][];
  for (const [i, theirs] of tables.flatMap((scored) => [...scored.entries()])) {
    const item = items[i]!;
    for (const [name, scorer] of scorers) {
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
  let [totals, otherTotals] = [0, 0];
  for (const [i, { benchmark, items, outputs }] of runs.entries()) {
    for (const [name, scorer] of Object.entries({ "lmms-eval": lmmsEval, vlmevalkit })) {
      const theirs = results[i]?.[name as keyof RunResult];
      if (theirs === undefined || theirs === null) continue;
      totals++;
      const { read, aggregate } = scorer[benchmark]!;
      const ours = aggregate(
        items,
        items.map((item, j) => read(item, outputs[j]!)),
      );
      const [a, b] = [inOrder(ours), inOrder(theirs)];
      if (a === b) continue;
      otherTotals++;
      console.log(`${name} ${benchmark}, a run of ${items.length}\n  theirs ${b}\n  ours   ${a}`);
    }
  }
  console.log(`${otherTotals} of ${totals} aggregates differ`);
  process.exitCode = differences + otherTotals > 0 ? 1 : 0;
}

/** The probes of the recorded tables, from their files' JSON after a change that the benchmark's reader takes. */
function probes(change: (content: string, name: string) => string): BenchmarkItem[] {
  return recordedNames.flatMap((name) => {
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

/** Some items of a recorded benchmark with answers, half of them in a right form. */
function madeRun(name: BenchmarkName, texts: readonly string[], uniform: () => number): Run {
  const table = json(new URL(`${name.replaceAll("-", "")}.json`, golden)) as { files: OfficialContents };
  const share = 0.3 + 0.7 * uniform();
  const items = itemsOf(name, table.files).filter(() => uniform() < share);
  const any = (values: readonly string[]): string => values[Math.floor(uniform() * values.length)]!;
  const outputs = items.map(({ gold, extra }) =>
    uniform() < 0.5
      ? any(texts)
      : any([gold, `${gold}.`, `(${gold})`, String(extra?.answer), `<answer>${gold}</answer>`]),
  );
  return { benchmark: name, items, outputs };
}

/** JSON with sorted names, numbers with twelve digits, rows sorted. */
function inOrder(value: unknown): string {
  const plain = (one: unknown): unknown => {
    if (typeof one === "number") return Number(one.toPrecision(12));
    if (Array.isArray(one)) return one.map(plain);
    if (one === null || typeof one !== "object") return one;
    return Object.fromEntries(
      Object.entries(one)
        .map(([name, part]) => [name, plain(part)])
        .toSorted(),
    );
  };
  return JSON.stringify(Array.isArray(value) ? value.map(inOrder).toSorted() : plain(value));
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
