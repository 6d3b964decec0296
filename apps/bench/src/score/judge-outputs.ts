import { type AppOptions, percent } from "@videor1/cli";
import { type BenchmarkItem, type Judged, judgeReadings, openJudgeCache, safe } from "@videor1/eval";
import { mean } from "@videor1/statistics";
import { servedJudge } from "../results/served-judge.ts";
import type { ScoreConfig } from "./config.ts";

/** What the judge changed of our own scorer's mean. */
export interface JudgedRun extends Omit<Judged, "readings"> {
  unjudged: number;
  /** Means over all items: by rules alone, and with what the judge scored. */
  rules: number;
  mean: number;
}

/** Lists what only a judge can score, and asks the config's judge, if there is one. */
export async function judgeOutputs(
  { judge: settings, show }: ScoreConfig,
  items: readonly BenchmarkItem[],
  outputs: ReadonlyMap<string, string>,
  { print, signal }: Pick<AppOptions, "print" | "signal">,
): Promise<JudgedRun | undefined> {
  const texts = items.map(({ id }) => outputs.get(id) ?? "");
  const readings = items.map((item, i) => safe[item.benchmark].read(item, texts[i]!));
  const unjudged = items.filter((_, i) => readings[i]!.status === "unjudged").map(({ id }) => id);
  if (unjudged.length > 0 && settings === undefined) {
    const shown = unjudged.slice(0, show).join(", ");
    print(
      `\nUnjudged (${unjudged.length}; judge.urls and judge.model have them judged): ${shown}${unjudged.length > show ? ", …" : ""}`,
    );
  }
  if (settings === undefined) return undefined;
  const cache = openJudgeCache(settings.cache);
  try {
    const { readings: judged, ...rest } = await judgeReadings({
      items,
      outputs: texts,
      readings,
      judge: servedJudge(settings, signal),
      model: settings.model,
      cache,
      checks: settings.checks,
      concurrency: settings.concurrency * settings.urls.length,
    });
    const run = { ...rest, unjudged: unjudged.length, rules: meanOf(readings), mean: meanOf(judged) };
    print(`\n${judgeLines(run).join("\n")}`);
    return run;
  } finally {
    cache.close();
  }
}

const meanOf = (readings: readonly { score: number | null }[]): number => mean(readings.map(({ score }) => score ?? 0));

function judgeLines({
  model,
  prompts,
  asked,
  cached,
  failed,
  agreement,
  unjudged,
  rules,
  mean: all,
}: JudgedRun): string[] {
  const { n, agreed, differ } = agreement;
  const lines = [
    `Judge ${model} (${prompts.join(", ")}): ${unjudged - failed.length} of ${unjudged} items judged; ${asked} asked, ${cached} from the cache.`,
    `safe: ${percent(rules)} by rules, ${percent(all)} with the judge.`,
  ];
  if (n > 0) {
    const others = differ.map(({ id, rules: own, judge }) => `${id} (rules ${own}, judge ${judge})`);
    lines.push(
      `It agrees with the rules on ${agreed} of ${n} items.${others.length > 0 ? ` Not on ${others.join(", ")}.` : ""}`,
    );
  }
  for (const { id, reason } of failed.slice(0, 5)) lines.push(`Not judged: ${id}: ${reason}`);
  return lines;
}
