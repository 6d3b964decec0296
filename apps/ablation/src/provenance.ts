import { existsSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { dataFacts } from "@videor1/miniature";
import { manifestFile, readManifest } from "@videor1/runs";
import type { AblationConfig } from "./config.ts";
import type { Plan } from "./plan-runs.ts";

/** The command, code, engine and machine behind results. */
export interface Provenance {
  /** The command without `output`, `jobs` and `only`, which do not change the results. */
  command: string;
  /** Commits of the RL runs, each by its newest process: "0123abc", "0123abc with changes". */
  commits: string[];
  engines: string[];
  node: string;
  /** The machine of this process. */
  machine: string;
  /** The main settings in words. */
  settings: string[];
}

/** The provenance, from the manifests of the RL runs that have begun, the config and this machine. */
export function provenanceOf(config: AblationConfig, { arms }: Plan, argv: readonly string[]): Provenance {
  const stages = arms.flatMap((run) => run.stages);
  const outputs = stages.flatMap((stage) => (stage.kind === "rl" ? [stage.config.outputDir] : []));
  const processes = outputs.flatMap((outputDir) =>
    existsSync(join(outputDir, manifestFile)) ? readManifest(outputDir).processes.slice(-1) : [],
  );
  const commits = processes.map(({ code }) => `${code.commit?.slice(0, 7)}${code.dirty ? " with changes" : ""}`);
  const engines = processes.flatMap(({ engine }) => (engine ? [`${engine.backend} (${engine.device})`] : []));
  const [model] = new Set(cpus().map(({ model }) => model));
  return {
    command: ["npm run ablation --", ...argv.filter((word) => !/^(output|jobs|only)=/.test(word)).map(quoted)].join(
      " ",
    ),
    commits: [...new Set(commits)],
    engines: [...new Set(engines)],
    node: process.versions.node,
    machine: `${model}, ${availableParallelism()} cores`,
    settings: [
      ...dataFacts(config.data),
      `SFT ${config.stages.sft.join(" ") || "as in the config file"}`,
      `RL ${config.stages.rl.join(" ") || "as in the config file"}`,
    ],
  };
}

const quoted = (argument: string): string => (/^[\w./=:,+-]+$/.test(argument) ? argument : `'${argument}'`);
