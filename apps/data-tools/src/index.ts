export { CurateConfig } from "./curate/config.ts";
export { type CurateCounts, type Curated, curate } from "./curate/curate.ts";
export { LintKeys } from "./lint/lint-keys.ts";
export { type LintResult, runLint } from "./lint/run-lint.ts";
export { SplitConfig } from "./split/config.ts";
export { type Split, type SplitCounts, split } from "./split/split.ts";
