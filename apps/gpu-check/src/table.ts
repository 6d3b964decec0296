import { renderTable } from "@videor1/cli";
import { recordsOf } from "./records.ts";
import type { StageResult } from "./run-stage.ts";

const short = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/**
 * A table of the stages, one of our times beside transformers', and one of our kernels beside ATen's ops and a copy of their bytes:
 * ratio = theirs / ours, above 1 if ours is faster.
 */
export function table(stages: readonly StageResult[]): string {
  const outcomes = stages.map((stage) => {
    const tests = recordsOf([stage], "test");
    const count = (outcome: string) => String(tests.filter((test) => test.outcome === outcome).length);
    const counts = tests.length ? [count("passed"), count("failed"), count("skipped")] : ["", "", ""];
    const memory = stage.peakGpuMemoryMiB ?? stage.peakMemoryMiB;
    return [stage.name, stage.status, stage.seconds.toFixed(1), String(memory), ...counts];
  });
  const figuresOf = (name: string) =>
    recordsOf(
      stages.filter((stage) => stage.name === name),
      "figure",
    );
  const [ours, theirs] = [figuresOf("bench"), figuresOf("bench of transformers")];
  const names = [...new Set([...ours, ...theirs].map(({ figure }) => figure))];
  const figures = names.map((name) => {
    const [mine, other] = [ours, theirs].map((list) => list.find(({ figure }) => figure === name));
    const shown = [mine, other].map((found) => (found ? short(found.value) : "-"));
    return [name, ...shown, mine && other ? (other.value / mine.value).toFixed(2) : "-", (mine ?? other)!.unit];
  });
  const kernels = recordsOf(stages, "kernel").map(({ kernel, ours, aten, copy }) => {
    return [kernel, short(ours), aten ? short(aten) : "-", aten ? (aten / ours).toFixed(2) : "-", short(copy)];
  });
  return [
    renderTable(["stage", "status", "s", "peak MiB", "passed", "failed", "skipped"], outcomes),
    renderTable(["", "ours", "transformers", "ratio", "unit"], figures),
    ...(kernels.length > 0 ? [renderTable(["kernel, us", "ours", "ATen", "ratio", "copy"], kernels)] : []),
  ].join("\n\n");
}

/** The first lines of each stage's first ten failed tests; "" if none failed. */
export const failures = (stages: readonly StageResult[]): string =>
  stages
    .flatMap((stage) =>
      recordsOf([stage], "test")
        .filter(({ outcome }) => outcome === "failed")
        .slice(0, 10)
        .map(({ test, message }) => `${stage.name}: ${test}\n  ${message?.split("\n")[0]}\n`),
    )
    .join("");
