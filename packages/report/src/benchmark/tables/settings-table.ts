import { percent } from "@videor1/cli";
import { publishedTemporalShares } from "@videor1/eval";
import { decimal } from "../../shared/units.ts";
import { integer } from "../../words/format.ts";
import { type Evaluated, framesInWords, settingTexts } from "../evaluated.ts";
import type { ReportTable } from "./report-table.ts";

type Judge = Evaluated["evaluation"]["judge"];

/** What makes the number reproducible, a line a setting. */
export function settingsTable(summary: Evaluated): ReportTable {
  const { prompt, decoding, media, server, source, isWhole, judge, code } = summary.evaluation;
  const files = source === "official" ? "the benchmark's own" : "Video-R1's eval_*.json";
  const rows = [
    ["prompt", prompt],
    ["decoding", settings(decoding)],
    ["frames", [framesInWords(summary), settings(media)].filter(Boolean).join(", ")],
    ["files", `${files}, ${whole(isWhole)}`],
  ];
  if (server !== undefined) rows.push(["server", server.join(", ")]);
  if (code?.commit) rows.push(["code", `commit ${code.commit.slice(0, 12)}${code.dirty ? ", with changes" : ""}`]);
  if (judge !== undefined) rows.push(["judge", judgeText(judge)]);
  return { title: "Settings", header: ["setting", "value"], rows, left: [0, 1] };
}

function judgeText({ model, prompts, asked, cached, failed, agreement }: NonNullable<Judge>): string {
  const parts = [`${model}, ${prompts.join(" ")}: ${asked + cached} verdicts asked for, ${failed} without`];
  if (agreement.n > 0) parts.push(`agrees with the rules on ${agreement.agreed} of ${agreement.n}`);
  return parts.join("; ");
}

const whole = (isWhole: boolean | undefined): string =>
  isWhole === undefined ? "whole or not is not known" : isWhole ? "whole" : "not whole";

const settings = (values: Readonly<Record<string, unknown>>): string =>
  settingTexts(values)
    .map(([key, text]) => `${key}=${text}`)
    .join(" ");

/** Beside what the paper reports of its own models, by another judge and on questions that it chose. */
function groundedRows(grounded: NonNullable<Judge>["grounded"]): string[][] {
  if (grounded?.share === undefined) return [];
  const { mean, low, high } = grounded.share;
  const paper = publishedTemporalShares.map(({ model, percent: share }) => `${model} ${share.toFixed(1)} %`).join(", ");
  return [
    ["that engage with time, by the judge", `${percent(mean)} [${percent(low)}, ${percent(high)}] %`],
    ["the paper's, on questions of its choice", paper],
  ];
}

/** What can be said of the responses without knowing what is right. */
export function traitsTable({ evaluation: { traits, judge } }: Evaluated): ReportTable | undefined {
  if (traits === undefined) return undefined;
  const { n, characters, thinkingCharacters, tokens, thinking, answered, cutOff, reflections, reflecting } = traits;
  const rows = [
    ["responses", integer(n)],
    ["mean characters", integer(characters)],
    ["mean characters of the thinking, where there is any", integer(thinkingCharacters)],
    ...(tokens === undefined ? [] : [["mean tokens", integer(tokens)]]),
    ["with thinking between tags", `${percent(thinking)} %`],
    ["with an answer between tags", `${percent(answered)} %`],
    ["cut off by the limit", `${percent(cutOff)} %`],
    ["that take another look", `${percent(reflecting)} %`],
    ["phrases that do so, a response", decimal(reflections, 2)],
    ...groundedRows(judge?.grounded),
  ];
  return { title: "The responses", header: ["responses", "value"], rows };
}
