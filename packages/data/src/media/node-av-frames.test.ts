import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadNodeAv } from "./backend.ts";
import { readFrames, type Survey } from "./node-av-frames.ts";
import { openInput } from "./node-av-input.ts";
import { describePacket, type FilePacket, hasIndex, openPackets, seekPacket } from "./node-av-packets.ts";
import { type Reference, referenceJudges } from "./unreferenced.ts";
import { timelineOf } from "./video-source.ts";

const golden = join(import.meta.dirname, "../../test/golden");
const av = await loadNodeAv();
const signal = new AbortController().signal;

/** What a walk over a file finds; `judges` of its pictures are apart, so that none is left out. */
async function surveyOf(path: string): Promise<{ survey: Survey; judges: Survey["judgeOf"] }> {
  const input = await openInput(av, path, statSync(path).size);
  const reader = openPackets(av, input, { signal, warnings: [] });
  const packets: FilePacket[] = [];
  while (await reader.next()) packets.push(describePacket(av, reader.packet));
  const { num, den } = input.stream.timeBase;
  const timeline = timelineOf(packets, num / den);
  const survey = { packets, timeline, hasIndex: hasIndex(input), trustKeys: true, judgeOf: undefined };
  const judges = referenceJudges(av, input.stream.codecpar);
  reader.close();
  input.format.closeInputSync();
  return { survey, judges };
}

describe.each(["cases/sz.webm", "video/hevc-open.mkv", "cases/edit-list-ends-early.mp4"])("%s", (name) => {
  const path = join(golden, name);

  test("a seek finds every key packet as the walk saw it, and no other", async () => {
    const { packets } = (await surveyOf(path)).survey;
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
    const { survey } = await surveyOf(path);
    const changed = { ...survey, packets: survey.packets.map((packet) => ({ ...packet, size: packet.size + 1 })) };
    const options = { bytes: statSync(path).size, threads: 1, whole: false, rotate: false, signal };
    const indices = [0, survey.timeline.order.length - 1];
    const [frames, again] = [
      await readFrames(av, path, { indices, survey, options }),
      await readFrames(av, path, { indices, survey: changed, options }),
    ];
    expect(frames.indices).toEqual(indices);
    expect(again.rgb).toEqual(frames.rgb);
  });
});

describe("pictures that no other refers to", () => {
  /** Reads the frames twice: the judged read with what it was told of the packets, and the whole one. */
  async function readTwice(name: string, choices: readonly (readonly number[])[]) {
    const path = join(golden, name);
    const { survey, judges } = await surveyOf(path);
    const told: Reference[] = [];
    const judgeOf = () => {
      const judge = judges!();
      return (packet: Buffer) => {
        told.push(judge(packet));
        return told.at(-1)!;
      };
    };
    const options = { bytes: statSync(path).size, threads: 1, whole: false, rotate: false, signal };
    for (const indices of choices) {
      const frames = await readFrames(av, path, { indices, survey: { ...survey, judgeOf }, options });
      expect(frames).toMatchObject({ indices, warnings: [] });
      const whole = await readFrames(av, path, { indices, survey, options });
      expect(Buffer.from(frames.rgb).equals(whole.rgb)).toBe(true);
    }
    return told;
  }

  /** Frames by a linear congruence: few, half of all, one at a time. */
  const choicesOf = (total: number) => [
    [total - 2],
    [...Array(7).keys()].map((i) => (i * 31 + 5) % total).sort((a, b) => a - b),
    [...Array(total >> 1).keys()].map((i) => (i * 41 + 11) % total).sort((a, b) => a - b),
  ];

  test.each([
    ["video/h264-10bit-bt709.mp4", 100],
    ["video/edit-start.mp4", 74],
    ["video/odd-444.mp4", 50],
    ["video/hevc-open.mkv", 100],
    ["cases/burst.mkv", 50],
    ["cases/edit-list-ends-early.mp4", 50],
    ["cases/sei-trunc.mp4", 50],
  ])("%s: they are left out, and every frame is that of the whole read", async (name, total) => {
    const told = await readTwice(name, choicesOf(total));
    expect(told).toContain("unreferenced");
    expect(told).not.toContain("doubtful");
  });

  test("none is left out where a reference was dropped", async () => {
    expect(await readTwice("cases/dropped.mp4", choicesOf(86))).toContain("doubtful");
  });
});
