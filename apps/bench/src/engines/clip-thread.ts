/** A thread that makes clips ready ahead of time. */
import type { LoadedClip } from "@videor1/data";
import { cutClip, type ProcessorConfig } from "@videor1/processor-qwen25vl";
import { type ClipCalls, replyByTransfer, serveWorker } from "@videor1/train";

serveWorker<{ config: ProcessorConfig }, ClipCalls<LoadedClip, LoadedClip[]>>(async ({ config }) => ({
  ready: ({ clips }) => replyByTransfer(clips.map((clip) => cutClip(clip, config))),
}));
