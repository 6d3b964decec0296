import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loadConfig } from "@videor1/cli";
import { afterAll, expect, test } from "vitest";
import { CurateConfig } from "../src/curate/config.ts";
import { curate } from "../src/curate/curate.ts";
import { fewRecord, writeRecords } from "./few-records.ts";
import { startVerb } from "./start-verb.ts";

const folder = mkdtempSync(join(tmpdir(), "killed-"));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const output = at("out.json");
const options = { signal: new AbortController().signal, print: () => {} };

/** Starts the command and kills it as soon as `isTime`; whether it was still at work then. */
async function startAndKill(settings: readonly string[], isTime: () => boolean): Promise<boolean> {
  const { child, ended } = startVerb(["curate", ...settings]);
  while (child.exitCode === null && !isTime()) await sleep(1);
  const isAtWork = child.exitCode === null;
  child.kill("SIGKILL");
  await ended;
  return isAtWork;
}

test("killed at three moments, a re-run makes the same bytes, and no part was ever seen", async () => {
  const records = writeRecords(
    at("a.jsonl"),
    Array.from({ length: 6000 }, (_, i) => fewRecord(i, { filler: "x".repeat(2000) })),
  );
  const settings = [`records=${records}`, "total=5000"];
  const whole = await curate(loadConfig(CurateConfig, undefined, [...settings, `output=${at("whole.json")}`]), options);
  const bytes = readFileSync(at("whole.json"), "utf8");

  const partial = `${output}.partial`;
  const moments = [
    () => existsSync(partial),
    () => existsSync(partial) && statSync(partial).size > 3_000_000,
    () => existsSync(`${output}.recipe.yaml`) || existsSync(`${output}.recipe.yaml.tmp`),
  ];
  const atWork: boolean[] = [];
  for (const isTime of moments) {
    atWork.push(await startAndKill([...settings, `output=${output}`], isTime));
    if (existsSync(output)) expect(readFileSync(output, "utf8")).toBe(bytes);
  }
  expect(atWork).toContain(true); // on a fast machine some moments come after the end

  const again = await curate(loadConfig(CurateConfig, undefined, [...settings, `output=${output}`]), options);
  expect(readFileSync(output, "utf8")).toBe(bytes);
  expect(again.counts).toEqual(whole.counts);
  expect(readdirSync(folder).sort()).toEqual([
    "a.jsonl",
    ...["out", "whole"].flatMap((name) => [`${name}.json`, `${name}.json.recipe.yaml`]),
  ]);
});
