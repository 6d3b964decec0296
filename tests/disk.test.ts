/** A full or read-only disk, and a folder in use by two processes: a clear refusal, and nothing is lost. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readMetrics } from "@videor1/runs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliResult, runCli, startCli } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "disk-"));
const disk = join(work, "disk");
mkdirSync(disk);

function mount(...options: string[]): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options.join(","), "tmpfs", disk], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
const unmount = () => execFileSync("umount", [disk]);
const canMount = mount("size=1m");
if (canMount) unmount();
else console.warn("Tests of a full and of a read-only disk are skipped: this user may not mount a tmpfs.");

let small: SmallData;
const whole = join(work, "whole");
const settings = (outputDir: string) => [
  ...small.sft,
  ...["data.phases.0.steps=5", "data.phases.1.steps=1", "batchSize=2", "checkpoint.everySteps=2", "checkpoint.keep=1"],
  `outputDir=${outputDir}`,
];
beforeAll(async () => {
  small = await makeSmallData(work);
  expect(await runCli("sft", settings(whole))).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

function expectRefusal({ code, stderr }: CliResult, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(code).toBe(1);
}

function expectWhole(outputDir: string): void {
  const weights = (folder: string) => readFileSync(join(folder, "model/model.safetensors"));
  expect(weights(outputDir).equals(weights(whole))).toBe(true);
  const losses = (folder: string) => readMetrics(folder).map(({ loss }) => loss);
  expect(losses(outputDir)).toEqual(losses(whole));
}

describe.skipIf(!canMount)("a disk", () => {
  test("that fills up, and is given more room: the run goes on from the last checkpoint that fitted", async () => {
    mount("size=4m");
    try {
      expectRefusal(
        await runCli("sft", settings(join(disk, "sft"))),
        /checkpoint 4 cannot be written .*\n.*disk is full/,
      );
      expect(readFileSync(join(disk, "sft/checkpoints/latest"), "utf8")).toBe("checkpoint-2\n");
      mount("remount", "size=64m");
      expect(await runCli("sft", settings(join(disk, "sft")))).toMatchObject({ code: 0 });
      expectWhole(join(disk, "sft"));
    } finally {
      unmount();
    }
  });

  test("without room for a line", async () => {
    mount("size=4k");
    try {
      expectRefusal(await runCli("sft", settings(join(disk, "sft"))), /ENOSPC.*\nThe disk is full/);
    } finally {
      unmount();
    }
  });

  test("that is read-only", async () => {
    mount("size=1m", "ro");
    try {
      expectRefusal(await runCli("sft", settings(disk)), /EROFS.*\nThe folder is not writable/);
    } finally {
      unmount();
    }
  });
});

test("of two processes on one folder the second is refused, and the first ends as if it were alone", async () => {
  const outputDir = join(work, "two");
  const first = startCli("sft", settings(outputDir));
  while (first.child.exitCode === null && !existsSync(join(outputDir, "metrics.jsonl"))) await sleep(5);
  const refusal = new RegExp(`process ${first.child.pid} on .* is using this folder\\nStop it`);
  expectRefusal(await runCli("sft", settings(outputDir)), refusal);
  expect(await first.ended).toMatchObject({ code: 0 });
  expectWhole(outputDir);
});
