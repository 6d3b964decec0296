/** `npm run report`: one page from the folders of any RL runs. */
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { describeError } from "@videor1/cli";
import { buildReport } from "./build-report.ts";
import { readStudy } from "./study.ts";

const usage = `report: one self-contained page from any RL runs.

Usage: npm run report -- <folder> [<folder> ...] [--base=arm] [--out=page.html]

  <folder>  a run, or a folder with runs at any depth: of npm start, of npm run ablation, of npm run rl.
            Runs in folders that differ by a number alone are one arm's seeds.
  --base    the arm that the others are measured by; default the first without temporal reward
  --out     where the page goes; default report.html in the first folder`;

async function main(argv: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { base: { type: "string" }, out: { type: "string" }, help: { type: "boolean", short: "h" } },
    allowPositionals: true,
  });
  const [first] = positionals;
  if (values.help || first === undefined) {
    console.log(usage);
    if (!values.help) process.exitCode = 1;
    return;
  }
  const { table } = await buildReport(await readStudy(positionals, values.base), {
    title: positionals.map((folder) => basename(resolve(folder))).join(", "),
    page: values.out ?? join(first, "report.html"),
  });
  if (table !== null) console.log(`${table}\n`);
  console.log(`The report: ${values.out ?? join(first, "report.html")}`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 1;
}
