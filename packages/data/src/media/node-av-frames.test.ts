import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadNodeAv } from "./backend.ts";
import { readFrames, type Survey } from "./node-av-frames.ts";
import { openInput } from "./node-av-input.ts";
import { describePacket, type FilePacket, hasIndex, openPackets, seekPacket } from "./node-av-packets.ts";
import { timelineOf } from "./video-source.ts";

const golden = join(import.meta.dirname, "../../test/golden");
const av = await loadNodeAv();
const signal = new AbortController().signal;

/** What a walk over a file finds; without the short cut of leaving pictures out. */
async function surveyOf(path: string): Promise<Survey> {
  const input = await openInput(av, path, statSync(path).size);
  const reader = openPackets(av, input, { signal, warnings: [] });
  const packets: FilePacket[] = [];
  while (await reader.next()) packets.push(describePacket(av, reader.packet));
  const { num, den } = input.stream.timeBase;
  const survey = { packets, timeline: timelineOf(packets, num / den), hasIndex: hasIndex(input) };
  reader.close();
  input.format.closeInputSync();
  return { ...survey, trustKeys: true, marksUnreferenced: false };
}

describe.each(["cases/sz.webm", "video/hevc-open.mkv", "cases/edit-list-ends-early.mp4"])("%s", (name) => {
  const path = join(golden, name);

  test("a seek finds every key packet as the walk saw it, and no other", async () => {
    const { packets } = await surveyOf(path);
    const keys = [...packets.keys()].filter((position) => packets[position]!.key);
    const input = await openInput(av, path, statSync(path).size);
    const reader = openPackets(av, input, { signal, warnings: [] });
    expect(keys.length).toBeGreaterThan(1);
    for (const position of keys.toReversed()) {
      expect(await seekPacket(av, input, { reader, packets, position })).toBe(true);
      expect(describePacket(av, reader.packet)).toMatchObject({ pos: packets[position]!.pos, key: true });
    }
    const changed = packets.map((packet) => ({ ...packet, size: packet.size + 1 }));
    for (const position of keys)
      expect(await seekPacket(av, input, { reader, packets: changed, position })).toBe(false);
    reader.close();
    input.format.closeInputSync();
  });

  test("where the file is another than the walk saw, it is read from its start: the frames are the same", async () => {
    const survey = await surveyOf(path);
    const changed = { ...survey, packets: survey.packets.map((packet) => ({ ...packet, size: packet.size + 1 })) };
    const options = { bytes: statSync(path).size, threads: 1, rotate: false, signal };
    const indices = [0, survey.timeline.order.length - 1];
    const [frames, again] = [
      await readFrames(av, path, { indices, survey, options }),
      await readFrames(av, path, { indices, survey: changed, options }),
    ];
    expect(frames.indices).toEqual(indices);
    expect(again.rgb).toEqual(frames.rgb);
  });
});
