import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { describeError } from "@videor1/cli";
import { buildReport } from "./build-report.ts";
import type { ReportNotes } from "./notes.ts";
import type { RlSettingsSchema } from "./read/read-run.ts";
import { readStudy } from "./read/study.ts";

const usage = `report: one self-contained page from any RL runs.

Usage: npm run report -- <folder> [<folder> ...] [--base=arm] [--notes=notes.ts] [--out=page.html]

  <folder>  a run, or a folder with runs at any depth: of npm start, of npm run ablation, of npm run rl.
            Runs in folders that differ by a number alone are one arm's seeds.
  --base    the arm that the others are measured by; default the first without temporal reward
  --notes   a module that exports \`notes\`, what the page should say of the data set (ReportNotes of @videor1/report)
  --out     where the page goes; default report.html in the first folder`;

/**
 * The command line of `npm run report`: one page from the folders of any RL runs. Sets the exit code.
 *
 * @param settings - reads a run's config.yaml.
 */
export async function reportCommand(argv: readonly string[], settings: RlSettingsSchema): Promise<void> {
  try {
    await report(argv, settings);
  } catch (error) {
    console.error(describeError(error));
    process.exitCode = 1;
  }
}

async function report(argv: readonly string[], settings: RlSettingsSchema): Promise<void> {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { base: text, notes: text, out: text, help: { type: "boolean", short: "h" } },
    allowPositionals: true,
  });
  const [first] = positionals;
  if (values.help || first === undefined) {
    console.log(usage);
    if (!values.help) process.exitCode = 1;
    return;
  }
  const page = values.out ?? join(first, "report.html");
  const notes = values.notes === undefined ? {} : await loadNotes(values.notes);
  const study = await readStudy(positionals, { settings, base: values.base });
  const title = positionals.map((folder) => basename(resolve(folder))).join(", ");
  const { table } = await buildReport(study, { title, page, notes });
  if (table !== null) console.log(`${table}\n`);
  console.log(`The report: ${page}`);
}

async function loadNotes(file: string): Promise<ReportNotes> {
  const { notes }: { notes?: ReportNotes } = await import(pathToFileURL(resolve(file)).href);
  if (typeof notes !== "object") throw new NotesError(file);
  return notes;
}

/** A module of notes exports none. */
class NotesError extends Error {
  override readonly name = "NotesError";
  readonly code = "NOTES_MISSING";
  readonly hint = "It must export `notes`, an object of type ReportNotes of @videor1/report.";

  readonly file: string;

  constructor(file: string) {
    super(`${file}: exports no notes`);
    this.file = file;
  }
}
