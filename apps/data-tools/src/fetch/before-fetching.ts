import { mkdirSync, statfsSync } from "node:fs";
import { formatBytes } from "@videor1/cli";
import { DataToolError } from "../files/data-tool-error.ts";

/** @throws {DataToolError} FETCH_NOTHING if no file is wanted. */
export function checkAny(count: number, repo: string, include: readonly string[], exclude: readonly string[]): void {
  if (count > 0) return;
  const patterns = [...include, ...exclude.map((pattern) => `not ${pattern}`)].map((pattern) =>
    JSON.stringify(pattern),
  );
  if (patterns.length === 0)
    throw new DataToolError("FETCH_NOTHING", `${repo} has no files`, "Look at its page on the Hub.");
  const hint = "* stands for / too, so that *.zip is every zip; a folder ends in /.";
  throw new DataToolError("FETCH_NOTHING", `no file of ${repo} is ${patterns.join(", ")}`, hint);
}

/** @throws {DataToolError} FETCH_DISK if the disk of a folder has less free than is to come. */
export function checkDisk(folder: string, bytes: number): void {
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = statfsSync(folder);
  if (bytes <= bavail * bsize) return;
  const hint = "Fetch less of it by include and exclude, or name another disk by output, HF_HUB_CACHE or HF_HOME.";
  const message = `${folder}: ${formatBytes(bytes)} are to come, and the disk has ${formatBytes(bavail * bsize)} free`;
  throw new DataToolError("FETCH_DISK", message, hint);
}
