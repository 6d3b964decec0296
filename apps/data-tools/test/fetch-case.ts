import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect } from "vitest";
import { FetchConfig } from "../src/fetch/config.ts";
import { type FetchOptions, type FetchResult, fetchRepo } from "../src/fetch/fetch-repo.ts";
import { type HubDouble, type HubDoubleOptions, startHubDouble } from "./hub-double.ts";

const base = mkdtempSync(join(tmpdir(), "fetch-"));
const doubles: HubDouble[] = [];
afterAll(() => rmSync(base, { recursive: true }));
afterEach(async () => {
  for (const double of doubles.splice(0)) await double.close();
});

export const repo = "Video-R1/Video-R1-data";
export const files = {
  "README.md": "# Video-R1",
  "Video-R1-260k.json": '[{"problem_id": 1}]',
  "NeXT-QA/videos.zip": Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i) % 251)),
  "NeXT-QA/more é.zip": Buffer.alloc(100_000, "more"),
  "copy/same.zip": Buffer.alloc(100_000, "more"),
  "none.txt": "",
};

export interface FetchCase {
  double: HubDouble;
  cache: string;
  /** What was said of tries, and how long was waited. */
  said: string[];
  waits: number[];
  /** Fetches, and checks that every file has ended once. */
  fetch(settings?: object, options?: Partial<FetchOptions["settings"]>, signal?: AbortSignal): Promise<FetchResult>;
}

/** A Hub with these files or others, and an empty cache. No time is waited. */
export async function fetchCase(options: Partial<HubDoubleOptions> = {}): Promise<FetchCase> {
  const double = await startHubDouble({ repo, files, pageEntries: 3, ...options });
  doubles.push(double);
  const cache = mkdtempSync(join(base, "cache-"));
  const [said, waits]: [string[], number[]] = [[], []];
  return {
    double,
    cache,
    said,
    waits,
    async fetch(settings = {}, more = {}, signal = new AbortController().signal) {
      const result = await fetchRepo(FetchConfig.parse({ repo, stallSeconds: 60, ...settings }), {
        settings: { endpoint: double.endpoint, cache, isOffline: false, token: undefined, ...more },
        signal,
        print: (line) => said.push(line),
        sleep: async (milliseconds) => void waits.push(milliseconds),
      });
      const { fetched, there, failed, refused } = result;
      expect(fetched + there + failed + refused).toBe(result.files);
      return result;
    },
  };
}
