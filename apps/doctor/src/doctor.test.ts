import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkDisk } from "./checks/machine.ts";
import { checkNode } from "./checks/node.ts";
import { checkRanks } from "./checks/ranks.ts";
import { report } from "./doctor.ts";
import type { Finding } from "./finding.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const cli = fileURLToPath(import.meta.resolve("./cli.ts"));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "doctor-test-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function doctor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const command = ["--conditions=@videor1/source", "--import", "tsx", cli, ...args];
  return spawnSync(process.execPath, command, { cwd: root, encoding: "utf8", env: { ...process.env, ...env } });
}

const find = (stdout: string, name: string) => (JSON.parse(stdout) as Finding[]).find((one) => one.name === name)!;

test("the machine that runs this test has what the apps need, and the exit code says so", () => {
  const { stdout, stderr, status } = doctor(["--json"]);
  const found = JSON.parse(stdout) as Finding[];
  const wrong = found.filter(({ state }) => state === "wrong");
  expect(status, stderr).toBe(wrong.length > 0 ? 1 : 0);
  for (const name of ["Node.js", "engine wasm"])
    expect(
      found.find((one) => one.name === name),
      name,
    ).toMatchObject({ state: "ok" });
  for (const { state, hint } of found) expect(hint === undefined).toBe(state === "ok");
});

test("a GPU that the engine cannot use is wrong, a device that is not there has its hint", () => {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "nvidia-smi"), `#!/bin/sh\necho "NVIDIA Test, 81559 MiB, 0 MiB, 1.2"\n`);
  chmodSync(join(bin, "nvidia-smi"), 0o755);
  const { stdout, status } = doctor(["--json"], {
    PATH: `${bin}:${dirname("/bin/sh")}`,
    VIDEOR1_TORCH_DEVICE: "cuda:9",
  });
  expect(status).toBe(1);
  expect(find(stdout, "GPU")).toMatchObject({
    state: "wrong",
    what: expect.stringContaining("NVIDIA Test, 81559 MiB"),
  });
  expect(find(stdout, "engine torch").state).toBe("missing");
});

test("an unknown argument is refused with the usage", () => {
  expect(doctor(["--jsno"])).toMatchObject({ status: 1, stderr: expect.stringContaining("Unknown argument --jsno") });
});

describe("a check", () => {
  test.each<[string, Finding["state"]]>([
    ["18.20.4", "wrong"],
    ["20.18.0", "wrong"],
    ["20.19.0", "ok"],
    ["24.1.0", "ok"],
  ])("Node.js %s is %s", (version, state) => expect(checkNode(version).state).toBe(state));

  test("the ranks that a launcher gives, or what is wrong with its variables", () => {
    expect(checkRanks({}).what).toContain("no launcher");
    const torchrun = { RANK: "1", WORLD_SIZE: "4", LOCAL_RANK: "1", MASTER_ADDR: "node0", MASTER_PORT: "29500" };
    expect(checkRanks(torchrun)).toMatchObject({
      state: "ok",
      what: expect.stringMatching(/^rank 1 of 4, .*node0:29500/),
    });
    expect(checkRanks({ RANK: "1" })).toMatchObject({ state: "wrong", hint: expect.stringContaining("unset RANK") });
  });

  test("a disk with too little room, or a folder that is a file, is wrong; one that is not there yet is made later", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(checkDisk("disk", folder, 2 ** 60)).toMatchObject({ state: "wrong", hint: expect.stringContaining("Free") });
    expect(checkDisk("disk", file, 0)).toMatchObject({ state: "wrong", what: expect.stringContaining(file) });
    expect(checkDisk("disk", join(folder, "a", "b"), 0)).toMatchObject({ state: "ok" });
  });
});

test("the report ends with what is to be mended", () => {
  const found: Finding[] = [
    { name: "one", state: "ok", what: "1.0" },
    { name: "two", state: "wrong", what: "broken", hint: "Mend it." },
  ];
  expect(report(found).split("\n")).toEqual([
    "ok     one  1.0",
    "wrong  two  broken",
    "",
    "two: Mend it.",
    "",
    "To be mended: two.",
  ]);
});
