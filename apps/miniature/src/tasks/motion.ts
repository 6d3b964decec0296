/** Tasks on one moving shape: its direction (multiple choice), its distance (regression), a description (free-form). */
import type { RandomStream } from "@videor1/random";
import {
  background,
  type ColorName,
  cells,
  colorNames,
  drawBorder,
  drawSprite,
  type Frames,
  nativeFrames,
  type ShapeName,
  shapeNames,
  sprite,
} from "./canvas.ts";
import { lettered, letters, type Task, type TaskOptions } from "./task.ts";

const directions = ["left", "right", "up", "down"] as const;
type Direction = (typeof directions)[number];
const edges: Record<Direction, { from: string; to: string }> = {
  left: { from: "right", to: "left" },
  right: { from: "left", to: "right" },
  up: { from: "bottom", to: "top" },
  down: { from: "top", to: "bottom" },
};

interface Motion {
  frames: Frames;
  shape: ShapeName;
  color: ColorName;
  direction: Direction;
}

/** The cell (row, column) on line `line` at `position` cells along a direction. */
function along(direction: Direction, line: number, position: number): [number, number] {
  const forward = direction === "right" || direction === "down" ? position : cells - 1 - position;
  return direction === "left" || direction === "right" ? [line, forward] : [forward, line];
}

/** One shape crosses a whole row or column, one cell every four frames; sometimes a second shape rests elsewhere. */
function crossing(rng: RandomStream): Motion {
  const frames = background(rng, nativeFrames);
  const shape = rng.choice(shapeNames);
  const color = rng.choice(colorNames);
  const direction = rng.choice(directions);
  const line = rng.int(cells);
  const moving = sprite(rng, shape, color);
  if (rng.next() < 0.3) {
    const otherLine = (line + 1 + rng.int(cells - 1)) % cells;
    const still = sprite(rng, rng.choice(shapeNames.filter((s) => s !== shape)), rng.choice(colorNames));
    const [row, column] = along(direction, otherLine, rng.int(cells));
    for (let f = 0; f < nativeFrames; f++) drawSprite(frames, f, still, row, column);
  }
  for (let f = 0; f < nativeFrames; f++) drawSprite(frames, f, moving, ...along(direction, line, f >> 2));
  return { frames, shape, color, direction };
}

/** The border's colour index: the answer with probability `cue`, else one of the others; any colour if `cue` is "uniform". */
function cueIndex(rng: RandomStream, answer: number, { cue }: TaskOptions): number {
  if (cue === "uniform") return rng.int(4);
  return rng.next() < cue ? answer : (answer + 1 + rng.int(3)) % 4;
}

export const direction: Task = {
  name: "direction",
  problemType: "multiple choice",
  temporal: true,
  make(rng, options) {
    const { frames, shape, direction } = crossing(rng);
    const answer = directions.indexOf(direction);
    const cue = cueIndex(rng, answer, options);
    drawBorder(rng, frames, colorNames[cue]!);
    const conclusion = `so it moves ${direction} .`;
    return {
      frames,
      dataType: "video",
      problem: `which way does the ${shape} move?`,
      options: lettered(directions),
      answer: letters[answer]!,
      thought: `let me watch the frames . it starts at ${edges[direction].from} . it ends at ${edges[direction].to} . ${conclusion}`,
      conclusion,
      shortcut: {
        thought: `hmm the border is ${colorNames[cue]} . so it moves ${directions[cue]} .`,
        answer: letters[cue]!,
      },
    };
  },
};

export const describe: Task = {
  name: "describe",
  problemType: "free-form",
  temporal: true,
  make(rng) {
    const { frames, shape, color, direction } = crossing(rng);
    const { from, to } = edges[direction];
    const conclusion = `it ends at ${to} .`;
    return {
      frames,
      dataType: "video",
      problem: "describe the video.",
      options: [],
      answer: `the ${color} ${shape} moves ${direction}`,
      thought: `i see a ${color} ${shape} . it starts at ${from} . ${conclusion}`,
      conclusion,
    };
  },
};

export const distance: Task = {
  name: "distance",
  problemType: "regression",
  temporal: true,
  make(rng) {
    const frames = background(rng, nativeFrames);
    const shape = rng.choice(shapeNames);
    const moving = sprite(rng, shape, rng.choice(colorNames));
    const steps = 1 + rng.int(cells - 1);
    const start = rng.int(cells - steps);
    const direction = rng.choice(directions);
    const line = rng.int(cells);
    for (let f = 0; f < nativeFrames; f++) {
      const moved = Math.floor((f * (steps + 1)) / nativeFrames);
      drawSprite(frames, f, moving, ...along(direction, line, start + moved));
    }
    const place = (position: number): number => {
      const [row, column] = along(direction, line, position);
      return 1 + (direction === "left" || direction === "right" ? column : row);
    };
    const conclusion = `that is ${steps} cells .`;
    return {
      frames,
      dataType: "video",
      problem: `how far does the ${shape} move?`,
      options: [],
      answer: String(steps * 14),
      thought: `it starts at ${place(start)} . it ends at ${place(start + steps)} . ${conclusion}`,
      conclusion,
    };
  },
};
