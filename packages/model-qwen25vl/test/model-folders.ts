import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initEngine } from "@videor1/engine";
import { afterAll, beforeAll } from "vitest";
import type { Qwen25VL } from "../src/model.ts";
import { testEngine } from "./test-engine.ts";

/** Starts the engine. @returns Makes the path of a new folder, which is removed after the tests. */
export function useModelFolders(): () => string {
  const root = mkdtempSync(join(tmpdir(), "weights-"));
  let count = 0;
  beforeAll(async () => void (await initEngine(testEngine)));
  afterAll(() => rmSync(root, { recursive: true }));
  return () => join(root, String(count++));
}

/** Name, shape and elements of every parameter. */
export const values = ({ parameters }: Qwen25VL) =>
  Object.entries(parameters).map(([name, parameter]) => [name, parameter.shape, parameter.dataSync()]);
