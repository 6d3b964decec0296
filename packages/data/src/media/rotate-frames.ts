import type { AVPixelFormat } from "node-av/constants";
import type { FilterContext, FilterGraph, Frame } from "node-av/lib";
import { DecodeError } from "../errors.ts";
import type { NodeAv } from "./backend.ts";
import { check } from "./node-av-input.ts";

/** Quarter turns, clockwise. */
export type QuarterTurns = 0 | 1 | 2 | 3;

/**
 * The clockwise turn that a display matrix asks for: round(atan2(m1, m0)) if it is 90, 180 or 270 degrees, else none.
 *
 * @param matrix - int32 [9], fixed point, row by row.
 * @see dmlc/decord@0.6.0 video_reader.cc `GetRotation`; FFmpeg libavutil/display.c `av_display_rotation_get`
 */
export function quarterTurns(matrix: ArrayLike<number>): QuarterTurns {
  const [m0 = 0, m1 = 0, , m3 = 0, m4 = 0] = Array.from(matrix);
  const degrees = (Math.atan2(m1 / Math.hypot(m1, m4), m0 / Math.hypot(m0, m3)) * 180) / Math.PI;
  const turns = ((Math.round(degrees) + 360) % 360) / 90;
  return turns === 1 || turns === 2 || turns === 3 ? turns : 0;
}

const transposes = { 1: "transpose=clock", 2: "transpose=clock,transpose=clock", 3: "transpose=cclock" } as const;

/** FFmpeg's filters for a turn of pictures of the named pixel format, as decord applies them: before the conversion to RGB. */
export function turnFilters(turns: Exclude<QuarterTurns, 0>, format: string): string {
  const turned = turnedFormat(format);
  return (turned === format ? "" : `scale=flags=bilinear,format=${turned},`) + transposes[turns];
}

/**
 * The pixel format to turn a picture in: its own, but 4:4:4 for formats whose chroma is scaled in one direction only, which
 * the filters do not turn.
 *
 * @param format - FFmpeg's name of the picture's format.
 * @see FFmpeg 4.1 libavfilter/formats.c, whose choice decord takes
 */
export function turnedFormat(format: string): string {
  if (/^([yu]yvy|yvyu)422$|^nv(16|61)$/.test(format)) return "yuv444p";
  return format.replace(/^(yuvj?a?)4(?:22|40|11)p/, "$1444p");
}

/** Turns frames. Close it. */
export interface FrameTurner {
  /** The turned frame; `frame` gives up its picture. The result is valid until the next call. */
  turn(frame: Frame): Frame;
  close(): void;
}

/** Turns frames by FFmpeg's filters; a frame of another size or format gets a filter graph of its own. */
export function createTurner(av: NodeAv, path: string, turns: Exclude<QuarterTurns, 0>): FrameTurner {
  const turned = new av.Frame();
  turned.alloc();
  let graph: FilterGraph | undefined;
  let ends: { source: FilterContext; sink: FilterContext } | undefined;
  let shape = "";
  return {
    turn(frame) {
      const { width, height, format, colorSpace, colorRange } = frame;
      const next = `video_size=${width}x${height}:pix_fmt=${format}:colorspace=${colorSpace}:range=${colorRange}`;
      if (next !== shape) {
        graph?.free();
        graph = new av.FilterGraph();
        graph.alloc();
        const name = av.avGetPixFmtName(format as AVPixelFormat)!;
        const filters = turnFilters(turns, name);
        ends = connect(av, path, graph, `${next}:time_base=1/1:pixel_aspect=1/1`, filters);
        shape = next;
      }
      turned.unref();
      check(av, path, ends!.source.buffersrcAddFrameSync(frame));
      check(av, path, ends!.sink.buffersinkGetFrameSync(turned));
      return turned;
    },
    close() {
      graph?.free();
      turned.free();
    },
  };
}

function connect(av: NodeAv, path: string, graph: FilterGraph, source: string, filters: string) {
  const create = (name: string, options: string | null, place: number) => {
    const filter = av.Filter.getByName(name);
    const context = filter && graph.createFilter(filter, `${name}${place}`, options);
    if (!context) throw new DecodeError(path, `FFmpeg has no filter "${name}", which turns the picture`);
    return context;
  };
  const steps = filters.split(",").map((step) => [step.slice(0, step.indexOf("=")), step.slice(step.indexOf("=") + 1)]);
  const chain = [["buffer", source], ...steps, ["buffersink", null]].map(([name, options = null], place) =>
    create(name!, options, place),
  );
  chain.slice(1).forEach((context, place) => {
    check(av, path, chain[place]!.link(0, context, 0));
  });
  check(av, path, graph.configSync());
  return { source: chain[0]!, sink: chain.at(-1)! };
}
