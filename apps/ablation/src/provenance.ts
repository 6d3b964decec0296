import { existsSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { dataFacts } from "@videor1/miniature";
import { manifestFile, readManifest } from "@videor1/runs";
import type { AblationConfig } from "./config.ts";
import type { Plan } from "./plan-runs.ts";

/** Where results come from. */
export interface Provenance {
  /** The command that makes everything, without what only says where to, how many at a time, and which now. */
  command: string;
  /** Of the code of the RL runs, the newest process of each: "0123abc", "0123abc with changes". */
  commits: string[];
  engines: string[];
  node: string;
  /** Of this process. */
  machine: string;
  /** The main ones in words. */
  settings: string[];
}

/** Collected from the manifests of the RL runs that are begun, the config and this machine. */
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
