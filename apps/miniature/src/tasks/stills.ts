/** Tasks on images and on videos: read, whose letters come one after the other on videos; name a colour, count shapes. */
import type { RandomStream } from "@videor1/random";
import {
  background,
  cells,
  colorNames,
  drawGlyph,
  drawSprite,
  glyphNames,
  nativeFrames,
  shapeNames,
  sprite,
} from "./canvas.ts";
import { lettered, letters, type Task } from "./task.ts";

const imageOrVideo = (rng: RandomStream): "image" | "video" => (rng.next() < 0.5 ? "image" : "video");

export const read: Task = {
  name: "read",
  problemType: "OCR",
  temporal: false,
  make(rng) {
    const dataType = imageOrVideo(rng);
    const frames = background(rng, dataType === "image" ? 1 : nativeFrames);
    const first = rng.choice(glyphNames);
    const second = rng.choice(glyphNames);
    const y = rng.int(cells - 1) * 14 + 7;
    const drawAt = (f: number, glyph: typeof first, half: number) => drawGlyph(frames, f, glyph, half * 28 + 9, y);
    if (dataType === "image") {
      drawAt(0, first, 0);
      drawAt(0, second, 1);
    } else for (let f = 0; f < nativeFrames; f++) drawAt(f, f < nativeFrames / 2 ? first : second, 0);
    const conclusion = `it shows ${first} then ${second} .`;
    return {
      frames,
      dataType,
      problem: "read the text.",
      options: [],
      answer: `${first} ${second}`,
      thought: conclusion,
      conclusion,
    };
  },
};

export const color: Task = {
  name: "color",
  problemType: "multiple choice",
  temporal: false,
  make(rng) {
    const dataType = imageOrVideo(rng);
    const frames = background(rng, dataType === "image" ? 1 : nativeFrames);
    const places = rng.permutation(cells * cells);
    const [asked, other] = rng.permutation(shapeNames.length).slice(0, 2) as [number, number];
    const answer = rng.int(4);
    const objects = [
      sprite(rng, shapeNames[asked]!, colorNames[answer]!),
      sprite(rng, shapeNames[other]!, rng.choice(colorNames)),
    ];
    objects.forEach((object, i) => {
      const place = places[i]!;
      for (let f = 0; f < frames.count; f++) drawSprite(frames, f, object, Math.floor(place / cells), place % cells);
    });
    const conclusion = `so it is ${colorNames[answer]} .`;
    return {
      frames,
      dataType,
      problem: `what color is the ${shapeNames[asked]}?`,
      options: lettered(colorNames),
      answer: letters[answer]!,
      thought: `i see a ${colorNames[answer]} ${shapeNames[asked]} . ${conclusion}`,
      conclusion,
    };
  },
};

export const number: Task = {
  name: "number",
  problemType: "numerical",
  temporal: false,
  make(rng) {
    const frames = background(rng, 1);
    const [asked, other] = rng.permutation(shapeNames.length).slice(0, 2) as [number, number];
    const places = rng.permutation(cells * cells);
    const targets = 1 + rng.int(4);
    const others = rng.int(3);
    const rows = new Array<number>(cells).fill(0);
    for (let i = 0; i < targets + others; i++) {
      const row = Math.floor(places[i]! / cells);
      const isTarget = i < targets;
      if (isTarget) rows[row]!++;
      drawSprite(
        frames,
        0,
        sprite(rng, shapeNames[isTarget ? asked : other]!, rng.choice(colorNames)),
        row,
        places[i]! % cells,
      );
    }
    const conclusion = `that is ${targets} .`;
    return {
      frames,
      dataType: "image",
      problem: `how many ${shapeNames[asked]}s are there?`,
      options: [],
      answer: String(targets),
      thought: `let me look . ${rows.join(" ")} . ${conclusion}`,
      conclusion,
    };
  },
};
