import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { randomStream } from "@videor1/random";
import { afterAll, expect, test } from "vitest";
import { fewRecord, writeRecords } from "../few-records.ts";
import { runCli } from "../run-verb.ts";
import { startVerb } from "../start-verb.ts";

const folder = mkdtempSync(join(tmpdir(), "killed-at-random-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const count = 3000;
const records = writeRecords(
  at("a.jsonl"),
  Array.from({ length: count }, (_, i) => fewRecord(i, { filler: "x".repeat(3000) })),
);
mkdirSync(at("media"));
for (let i = 0; i < count; i += 1) writeFileSync(at(`media/${i}.mp4`), `${i % 2000}`.repeat(2000));

const outputsOf = (name: string) => readdirSync(at(name)).filter((file) => !file.endsWith("recipe.yaml"));
const read = (name: string) => outputsOf(name).map((file) => readFileSync(at(`${name}/${file}`), "utf8"));

test.each([
  ["curate", (to: string) => [records, `output=${at(to)}/o.json`, "total=2000"]],
  [
    "split",
    (to: string) => [
      records,
      `train=${at(to)}/t.jsonl`,
      `validation=${at(to)}/v.json`,
      "share=0.2",
      "media=true",
      `mediaRoot=${at("media")}`,
    ],
  ],
])(
  "%s killed 12 times at random moments ends with the bytes of an undisturbed run",
  async (verb, settings) => {
    const [whole, killed] = [`whole-${verb}`, `killed-${verb}`];
    const begun = performance.now();
    expect((await runCli(verb, ...settings(whole))).code).toBe(0);
    const milliseconds = performance.now() - begun;
    const random = randomStream(0, "kills", verb);
    for (let kill = 0; kill < 12; kill += 1) {
      const run = startVerb([verb, ...settings(killed)]);
      await sleep(random.next() * milliseconds * 1.1);
      run.child.kill("SIGKILL");
      await run.ended;
      for (const file of outputsOf(whole))
        try {
          const bytes = readFileSync(at(`${killed}/${file}`), "utf8");
          expect(bytes).toBe(readFileSync(at(`${whole}/${file}`), "utf8"));
        } catch (error) {
          expect((error as NodeJS.ErrnoException).code).toBe("ENOENT");
        }
    }
    expect((await runCli(verb, ...settings(killed))).code).toBe(0);
    expect(readdirSync(at(killed)).sort()).toEqual(readdirSync(at(whole)).sort());
    expect(read(killed)).toEqual(read(whole));
  },
  3_600_000,
);
