/**
 * Writes a made-up file of Video-R1-260k's size and composition: 263,071 records in its seven buckets and its sources, of its types
 * and with texts of its lengths; no media. One record in 5,000 is odd, as records of real files are.
 *
 *   node --conditions=@videor1/source --import tsx scripts/full-size/make-records.ts records.json [seed]
 */
import { epochOrder, randomStream } from "@videor1/random";
import { createRecordWriter } from "../../apps/data-tools/src/files/record-writer.ts";

type Kind = "image" | "video";
/** Source, type of problem, records. @see Video-R1 figure 2 */
const sources: Readonly<Record<string, readonly (readonly [source: string, type: string, count: number])[]>> = {
  "General (Video)": [
    ["LLaVA-Video-178K/30_60_s_youtube_v0_1", "multiple choice", 73_248],
    ["LLaVA-Video-178K/0_30_s_academic_v0_1", "free-form", 10_000],
    ["NeXT-QA", "multiple choice", 7_500],
    ["PerceptionTest", "multiple choice", 6_000],
    ["CLEVRER", "multiple choice", 7_000],
    ["CLEVRER", "numerical", 1_000],
    ["STAR", "multiple choice", 11_500],
  ],
  "General (Image)": [
    ["A-OKVQA", "multiple choice", 3_987],
    ["IconQA", "multiple choice", 2_000],
    ["ShareGPT4V", "free-form", 2_000],
    ["Visual7W", "multiple choice", 1_000],
    ["ShareGPT4o", "free-form", 6_000],
  ],
  Chart: [
    ["FigureQA", "multiple choice", 4_000],
    ["DVQA", "numerical", 2_000],
    ["PlotQA", "numerical", 2_000],
    ["ChartQA", "numerical", 1_000],
    ["MapQA", "multiple choice", 1_000],
    ["TabMWP", "numerical", 3_528],
    ["Chart2Text", "free-form", 2_000],
    ["VisualWebInstruct", "free-form", 6_000],
  ],
  OCR: [
    ["TextVQA", "OCR", 3_886],
    ["HME100k", "OCR", 4_000],
    ["IAM", "OCR", 4_000],
    ["TextOCR", "OCR", 4_000],
  ],
  Math: [
    ["CLEVR-Math", "numerical", 1_000],
    ["Geometry3K", "multiple choice", 2_000],
    ["GeoQA+", "multiple choice", 5_924],
    ["Multimath-300K", "multiple choice", 13_000],
    ["Multimath-300K", "numerical", 15_000],
  ],
  Knowledge: [
    ["TQA", "multiple choice", 3_000],
    ["AI2D", "multiple choice", 8_214],
    ["PMC-VQA", "multiple choice", 6_000],
    ["GVLQA", "multiple choice", 6_000],
    ["", "multiple choice", 10_000],
    ["AI2D-gpt4v", "free-form", 4_000],
  ],
  Spatial: [
    ["OpenSpaces", "regression", 3_657],
    ["OpenSpaces", "multiple choice", 6_627],
    ["Spacellava", "regression", 1_683],
    ["Spacellava", "free-form", 8_317],
  ],
};
const words =
  "the a person child dog table moves opens holds before after left right red blue first then door cup near while".split(
    " ",
  );
const letters = ["A", "B", "C", "D"];

const [file = "records.json", seed = "0"] = process.argv.slice(2);
const rng = randomStream(Number(seed), "full-size records");
const text = (least: number, most: number) =>
  Array.from({ length: least + rng.int(most - least + 1) }, () => words[rng.int(words.length)]).join(" ");

const answers: Readonly<Record<string, () => string>> = {
  "multiple choice": () => letters[rng.int(4)]!,
  numerical: () => String(rng.int(500)),
  regression: () => (rng.next() * 9 + 0.1).toFixed(2),
  OCR: () => text(1, 8),
  "free-form": () => text(5, 40),
};

const plan = Object.entries(sources).flatMap(([bucket, rows]) =>
  rows.flatMap(([source, type, count]) => Array.from({ length: count }, () => ({ bucket, source, type }))),
);

const writer = createRecordWriter(file);
for (const [id, place] of epochOrder(Number(seed), 0, plan.length).entries()) {
  const { bucket, source, type } = plan[place]!;
  const kind: Kind = bucket === "General (Video)" ? "video" : "image";
  const item = kind === "video" ? Math.floor(id / 2) : id; // two questions of a clip, as in LLaVA-Video-178K
  writer.write({
    problem_id: id,
    problem: `${text(8, 30)}?`,
    data_type: kind,
    problem_type: id % 5000 === 4999 ? "free form" : type,
    options: type === "multiple choice" ? letters.map((letter) => `${letter}. ${text(2, 8)}`) : [],
    solution: `<answer>${answers[type]!()}</answer>`,
    path: `./${source.split("/")[0] || "ArxivQA"}/${kind}s/${item}.${kind === "video" ? "mp4" : "jpg"}`,
    data_source: source,
  });
}
writer.finish();
console.log(`${writer.count} records: ${file}`);
