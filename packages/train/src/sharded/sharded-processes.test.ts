import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadCheckpoint, verifyCheckpoint } from "@videor1/runs";
import { afterAll, expect, test } from "vitest";
import { type ShardedReply, type ShardedRequest, shardedRun } from "../../test/sharded-run.ts";
import { whyNoTorch } from "../../test/torch-engine.ts";

const folder = mkdtempSync(join(tmpdir(), "sharded-processes-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a process of a rank to its end. */
async function ranked(request: ShardedRequest): Promise<ShardedReply> {
  const path = fileURLToPath(new URL("../../test/sharded-process.ts", import.meta.url));
  const member = fork(path, {
    execArgv: ["--conditions=@videor1/source", "--import", "tsx"],
    serialization: "advanced",
  });
  member.send(request);
  const ended = once(member, "exit").then(([code]) =>
    Promise.reject(new Error(`rank ${request.rank} ended with ${code}`)),
  );
  const [reply] = (await Promise.race([once(member, "message"), ended])) as [ShardedReply];
  await ended.catch(() => {});
  return reply;
}

test.skipIf(whyNoTorch)(
  "two processes train to the bytes of one, exchange while backward goes on, and leave a whole checkpoint",
  async () => {
    const two = await Promise.all([0, 1].map((rank) => ranked({ rank, size: 2, folder })));
    const one = await shardedRun({ rank: 0, size: 1, folder });
    for (const { norms, weights, started, left } of two) {
      expect({ norms, weights }).toEqual({ norms: one.norms, weights: one.weights });
      expect(left).toBe(0);
      const buckets = Math.max(...started) + 1;
      expect(buckets).toBeGreaterThan(4); // more than may be under way at once
      expect(started).toEqual(Array.from({ length: 3 * buckets }, (_, i) => i % buckets));
    }
    const checkpoint = join(folder, "ranks-2", "checkpoint-1");
    verifyCheckpoint(checkpoint);
    const files = ["optimizer-00001-of-00002.safetensors", "optimizer-00002-of-00002.safetensors", "state.json"];
    expect(readdirSync(checkpoint).sort()).toEqual(files);
    const { optimizer } = loadCheckpoint(checkpoint);
    for (const file of optimizer) file.close();
  },
);
