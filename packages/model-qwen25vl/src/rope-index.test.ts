import { describe, expect, test } from "vitest";
import { allCases, caseInputs, goldenCase, readJson } from "../test/golden-case.ts";
import { type ModelConfig, parseConfig } from "./config.ts";
import { checkInputs } from "./inputs.ts";
import { type GridThw, ropeIndex } from "./rope-index.ts";

interface Row {
  input_ids: number[][];
  attention_mask: number[][];
  image_grid_thw: GridThw[];
  video_grid_thw: GridThw[];
  second_per_grid_ts: number[];
  tokens_per_second: number;
  classic: { position_ids: number[][][]; rope_deltas: number[] };
  hf5: { position_ids: number[][][]; rope_deltas: number[] };
}

const table = readJson<Row[]>("rope_index.json");
const tiny = parseConfig(readJson("tiny_a", "config.json"));
const hub: ModelConfig = { ...tiny, imageTokenId: 151655, videoTokenId: 151656 };
const withClock = (tokensPerSecond: number): ModelConfig => ({ ...hub, vision: { ...hub.vision, tokensPerSecond } });
const flat = (rows: number[][]) => Int32Array.from(rows.flat());

describe.each(["classic", "hf5"] as const)("%s positions are the recorded ones", (semantics) => {
  test.each(table.map((row, i) => [i, row] as const))("table row %i", (_, row) => {
    const inputs = {
      inputIds: flat(row.input_ids),
      attentionMask: flat(row.attention_mask),
      batch: row.input_ids.length,
      imageGrids: row.image_grid_thw,
      videoGrids: row.video_grid_thw,
      ...(row.second_per_grid_ts.length > 0 && { secondPerGridTs: row.second_per_grid_ts }),
    };
    const { positionIds, ropeDeltas } = ropeIndex(inputs, withClock(row.tokens_per_second), semantics);
    const expected = row[semantics];
    const masked = row.attention_mask.flat();
    expect(Array.from(positionIds, (position, i) => position * masked[i % masked.length]!)).toEqual(
      expected.position_ids.flat(2).map((position, i) => position * masked[i % masked.length]!),
    );
    expect([...ropeDeltas]).toEqual(expected.rope_deltas.flat());
  });

  describe("cases", () => {
    test.each(allCases)("%s %s", (model, name) => {
      const of = goldenCase(model, name);
      const config = parseConfig(readJson(model, "config.json"));
      const { images, videos, secondPerGridTs, ...host } = checkInputs(caseInputs(of), config);
      const inputs = {
        ...host,
        imageGrids: images?.grids ?? [],
        videoGrids: videos?.grids ?? [],
        ...(secondPerGridTs && { secondPerGridTs }),
      };
      const { positionIds, ropeDeltas } = ropeIndex(inputs, config, semantics);
      const variant = of.has(`pos.${semantics}.position_ids`) ? semantics : "classic";
      expect([...positionIds]).toEqual([...of.stored(`pos.${variant}.position_ids`).data]);
      expect([...ropeDeltas]).toEqual([...of.stored(`pos.${variant}.rope_deltas`).data]);
    });
  });
});

describe("one row", () => {
  const [text, video, image] = [7, 151656, 151655];
  const index = (
    inputIds: number[],
    more: { imageGrids?: GridThw[]; videoGrids?: GridThw[]; secondPerGridTs?: number[] } = {},
  ) =>
    ropeIndex(
      {
        inputIds: Int32Array.from(inputIds),
        attentionMask: new Int32Array(inputIds.length).fill(1),
        batch: 1,
        imageGrids: [],
        videoGrids: [],
        ...more,
      },
      withClock(2),
    );

  test("missing secondPerGridTs are 1 second", () => {
    const ids = [text, video, video, text];
    const videoGrids: GridThw[] = [[2, 2, 2]];
    expect(index(ids, { videoGrids })).toEqual(index(ids, { videoGrids, secondPerGridTs: [1] }));
    expect([...index(ids, { videoGrids }).positionIds.subarray(0, 4)]).toEqual([0, 1, 3, 4]);
  });

  test("the temporal index truncates a float32 product", () => {
    // With float32's 0.7, 5 * 0.7 * 2 is 7 in float32 and 6.9999999 in float64.
    const videoGrids: GridThw[] = [[6, 2, 2]];
    const { positionIds } = index(new Array<number>(6).fill(video), { videoGrids, secondPerGridTs: [0.7] });
    expect([...positionIds.subarray(0, 6)]).toEqual([0, 1, 2, 4, 5, 7]);
  });

  test("images that touch are told apart by their grids", () => {
    const { positionIds } = index([image, image, text], {
      imageGrids: [
        [1, 2, 2],
        [1, 2, 2],
      ],
    });
    expect([...positionIds.subarray(0, 3)]).toEqual([0, 1, 2]);
  });

  test("the next position follows the largest, even inside a vision run", () => {
    const { nextPositions } = index([text, video, video], { videoGrids: [[2, 2, 2]] });
    expect([...nextPositions]).toEqual([4, 4, 4]);
  });

  test.each([
    ["more placeholders than grids", [image, image], { imageGrids: [[1, 2, 2]] as GridThw[] }, "only 1 image grids"],
    [
      "too few placeholders",
      [text, image, text],
      { imageGrids: [[1, 2, 4]] as GridThw[] },
      "1 placeholder tokens for image 0",
    ],
    [
      "a grid without placeholders",
      [text],
      { videoGrids: [[1, 2, 2]] as GridThw[] },
      "1 video grids, but placeholder tokens of 0",
    ],
    ["placeholders without pixels", [video], {}, "only 0 video grids"],
  ])("%s is an error", (_, ids, grids, message) => {
    expect(() => index(ids, grids)).toThrow(message);
  });
});
