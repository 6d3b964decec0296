import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { lockRun } from "./run-lock.ts";

const base = mkdtempSync(join(tmpdir(), "lock-"));
afterAll(() => rmSync(base, { recursive: true }));
let root: string;
let lockFile: string;
beforeEach(() => {
  root = mkdtempSync(join(base, "run-"));
  lockFile = join(root, "run.lock");
});

test("claims, refuses a second claim, and frees", () => {
  const lock = lockRun(root);
  expect(JSON.parse(readFileSync(lockFile, "utf8"))).toMatchObject({ pid: process.pid, host: hostname() });
  expect(() => lockRun(root)).toThrow(expect.objectContaining({ code: "RUN_LOCKED", path: root }));
  lock.release();
  expect(existsSync(lockFile)).toBe(false);
  lockRun(root).release();
});

test("makes the folder", () => {
  lockRun(join(root, "a", "b")).release();
});

test("a living process keeps its lock, a dead one loses it", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  writeFileSync(lockFile, JSON.stringify({ pid: child.pid, host: hostname(), born: null }));
  expect(() => lockRun(root)).toThrow(new RegExp(`process ${child.pid} on ${hostname()} is using`));
  child.kill();
  await once(child, "exit");
  const lock = lockRun(root);
  expect(lock.tookOver).toBe(true);
  expect(JSON.parse(readFileSync(lockFile, "utf8"))).toMatchObject({ pid: process.pid });
  lock.release();
});

test("a lock of another host cannot be judged, so it holds", () => {
  writeFileSync(lockFile, JSON.stringify({ pid: 1, host: "elsewhere.example", born: null }));
  expect(() => lockRun(root)).toThrow(/process 1 on elsewhere.example/);
});

test("an unreadable lock, left by a crash, is taken over", () => {
  writeFileSync(lockFile, '{"pid":');
  expect(lockRun(root).tookOver).toBe(true);
});

test("a process id that is used again does not keep a dead run's lock", () => {
  writeFileSync(lockFile, JSON.stringify({ pid: process.pid, host: hostname(), born: "1" }));
  expect(lockRun(root).tookOver).toBe(true);
});

test("while another process takes over, the folder is locked", () => {
  writeFileSync(lockFile, JSON.stringify({ pid: 0x7fffffff, host: hostname(), born: null }));
  writeFileSync(`${lockFile}.takeover`, "{}");
  expect(() => lockRun(root)).toThrow(expect.objectContaining({ code: "RUN_LOCKED" }));
  rmSync(`${lockFile}.takeover`);
  expect(lockRun(root).tookOver).toBe(true);
  expect(existsSync(`${lockFile}.takeover`)).toBe(false);
});

test("a process that died while it took over keeps nobody out", () => {
  const dead = JSON.stringify({ pid: 0x7fffffff, host: hostname(), born: null });
  const guards = [lockFile, `${lockFile}.takeover`, `${lockFile}.takeover.takeover`];
  for (const guard of guards) writeFileSync(guard, dead);
  expect(lockRun(root).tookOver).toBe(true);
  expect(guards.map((guard) => existsSync(guard))).toEqual([true, false, false]);
});

test("a folder that cannot be made is named", () => {
  writeFileSync(join(root, "file"), "");
  expect(() => lockRun(join(root, "file"))).toThrow(expect.objectContaining({ code: "CHECKPOINT_WRITE" }));
});
