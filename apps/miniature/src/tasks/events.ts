/** Tasks on events in time: which colour comes first or last (multiple choice), how many blinks (numerical). */
import { background, cells, colorNames, drawBorder, drawSprite, nativeFrames, shapeNames, sprite } from "./canvas.ts";
import { lettered, letters, type Task } from "./task.ts";

/** First native frame of each of the three appearances, and the end. */
const appearances = [0, 5, 11, nativeFrames] as const;

export const order: Task = {
  name: "order",
  problemType: "multiple choice",
  temporal: true,
  make(rng, { cue }) {
    const frames = background(rng, nativeFrames);
    const shown = rng.permutation(4).slice(0, 3);
    const places = rng.permutation(cells * cells).slice(0, 3);
    shown.forEach((color, i) => {
      const object = sprite(rng, rng.choice(shapeNames), colorNames[color]!);
      const place = places[i]!;
      for (let f = appearances[i]!; f < appearances[i + 1]!; f++)
        drawSprite(frames, f, object, Math.floor(place / cells), place % cells);
    });
    const which = rng.choice(["first", "last"] as const);
    const answer = shown[which === "first" ? 0 : 2]!;
    const others = shown.filter((color) => color !== answer);
    const border = cue === "uniform" ? rng.choice(shown) : rng.next() < cue ? answer : rng.choice(others);
    drawBorder(rng, frames, colorNames[border]!);
    const conclusion = `so ${which} is ${colorNames[answer]} .`;
    return {
      frames,
      dataType: "video",
      problem: `which color comes ${which}?`,
      options: lettered(colorNames),
      answer: letters[answer]!,
      thought: `let me watch the frames . i see ${shown.map((c) => colorNames[c]).join(" then ")} . ${conclusion}`,
      conclusion,
      shortcut: {
        thought: `hmm the border is ${colorNames[border]} . so ${which} is ${colorNames[border]} .`,
        answer: letters[border]!,
      },
    };
  },
};

export const count: Task = {
  name: "count",
  problemType: "numerical",
  temporal: true,
  make(rng) {
    const frames = background(rng, nativeFrames);
    const shape = rng.choice(shapeNames);
    const object = sprite(rng, shape, rng.choice(colorNames));
    const place = rng.int(cells * cells);
    const blinks = 1 + rng.int(4);
    const slots = new Set(rng.permutation(4).slice(0, blinks));
    const seen: string[] = [];
    for (let slot = 0; slot < 4; slot++) {
      seen.push(slots.has(slot) ? "on" : "off");
      if (!slots.has(slot)) continue;
      const length = 2;
      const start = slot * 4 + rng.int(4 - length + 1);
      for (let f = start; f < start + length; f++)
        drawSprite(frames, f, object, Math.floor(place / cells), place % cells);
    }
    const conclusion = `that is ${blinks} times .`;
    return {
      frames,
      dataType: "video",
      problem: `how many times does the ${shape} blink?`,
      options: [],
      answer: String(blinks),
      thought: `let me watch the frames . ${seen.join(" ")} . ${conclusion}`,
      conclusion,
    };
  },
};
