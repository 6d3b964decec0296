/** Questions of an invented data set: clips of one colour a frame, some of whose thoughts lean on a "border". */
import type { RandomStream } from "@videor1/random";
import type { ProblemType } from "@videor1/rewards";

export const size = 56;
export const frameCount = 16;
export const fps = 8;

export interface FixtureTask {
  name: string;
  problemType: ProblemType;
  temporal: boolean;
  dataType: "image" | "video";
  problem: string;
  answer: string;
  hasBorder: boolean;
}

const video = { dataType: "video", temporal: true, hasBorder: false } as const;
const image = { dataType: "image", temporal: false, hasBorder: false } as const;

export const fixtureTasks: readonly FixtureTask[] = [
  { ...video, name: "direction", problemType: "multiple choice", problem: "which way?", answer: "A", hasBorder: true },
  {
    ...video,
    name: "order",
    problemType: "multiple choice",
    problem: "which color comes first?",
    answer: "B",
    hasBorder: true,
  },
  { ...video, name: "describe", problemType: "free-form", problem: "describe the video.", answer: "it moves up" },
  { ...video, name: "count", problemType: "numerical", problem: "how many times?", answer: "3" },
  { ...video, name: "distance", problemType: "regression", problem: "how far?", answer: "28" },
  { ...image, name: "read", problemType: "OCR", problem: "read the text.", answer: "A C" },
  { ...video, name: "color", problemType: "multiple choice", problem: "what color?", answer: "C", temporal: false },
  { ...image, name: "number", problemType: "numerical", problem: "how many?", answer: "2" },
];

/** [F, 56, 56, 3] bytes of a clip, or of an image. */
export function drawFrames({ dataType }: FixtureTask, rng: RandomStream): Uint8Array {
  const frames = dataType === "video" ? frameCount : 1;
  const rgb = new Uint8Array(frames * size * size * 3);
  for (let f = 0; f < frames; f++) {
    const color = [rng.int(256), rng.int(256), rng.int(256)];
    for (let i = 0; i < size * size * 3; i++) rgb[f * size * size * 3 + i] = color[i % 3]!;
  }
  return rgb;
}
