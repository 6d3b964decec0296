/** A thread that makes clips ready ahead of time. */
import type { LoadedClip } from "@videor1/data";
import type { ProcessorConfig } from "@videor1/processor-qwen25vl";
import { type ClipCalls, replyByTransfer, serveWorker } from "@videor1/train";
import { type ReadyClips, readyClips } from "./ready-clips.ts";

serveWorker<{ config: ProcessorConfig }, ClipCalls<LoadedClip, ReadyClips>>(async ({ config }) => ({
  ready: ({ clips }) => replyByTransfer(readyClips(clips, config)),
}));
