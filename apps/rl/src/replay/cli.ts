import { describeError } from "@videor1/cli";
import { replay } from "./replay.ts";
import { replayLines } from "./replay-lines.ts";

const usage = `replay: Recompute a recorded step of a T-GRPO run and compare.

Usage: npm run replay -- <run folder> <step> [key.path=value ...]

  key.path=value  change one setting of the run, e.g. data.media.mediaRoot=/data

Exit code 0 if loss, gradient norm, every reward and every advantage agree to 1e-5, else 1.`;

const [runDir, step = "", ...overrides] = process.argv.slice(2);
if (runDir === "--help" || runDir === "-h") console.log(usage);
else if (runDir === undefined || !/^[1-9]\d*$/.test(step)) {
  console.error(usage);
  process.exitCode = 1;
} else {
  try {
    const replayed = await replay(runDir, Number(step), overrides);
    for (const line of replayLines(replayed)) console.log(line);
    if (replayed.steps.some(({ differences }) => differences.length > 0)) process.exitCode = 1;
  } catch (error) {
    console.error(describeError(error));
    process.exitCode = 1;
  }
}
