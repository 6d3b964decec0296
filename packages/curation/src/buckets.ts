import type { Example } from "@videor1/data";

/** Where the records of Video-R1-260k come from, in the order of figure 2 of the paper. */
export type BucketName = "General (Video)" | "General (Image)" | "Chart" | "OCR" | "Math" | "Knowledge" | "Spatial";

/** A bucket of Video-R1-260k, or "Other": a source that it does not have. */
export type Bucket = BucketName | "Other";

/** The seven buckets and their records in the published file, 263,071 together; the paper rounds them to thousands. */
export const buckets: readonly { name: BucketName; records: number }[] = [
  { name: "General (Video)", records: 116_248 },
  { name: "General (Image)", records: 14_987 },
  { name: "Chart", records: 21_528 },
  { name: "OCR", records: 15_886 },
  { name: "Math", records: 36_924 },
  { name: "Knowledge", records: 37_214 },
  { name: "Spatial", records: 20_284 },
];

/** @see arXiv:2503.21776 figure 2 */
const sourcesOf: Readonly<Record<BucketName, string>> = {
  "General (Video)": "LLaVA-Video-178K, NeXT-QA, PerceptionTest, CLEVRER, STAR",
  "General (Image)": "A-OKVQA, IconQA, ShareGPT4V, Visual7W, ShareGPT4o",
  Chart: "FigureQA, DVQA, PlotQA, ChartQA, MapQA, TabMWP, Chart2Text, RoBUT SQA, VisualWebInstruct",
  OCR: "TextVQA, HME100k, ChromeWriting, IAM, Rendered Text, TextCaps, TextOCR",
  Math: "CLEVR-Math, GEOS, Geometry3K, GeoQA+, UniGeo, Multimath-300K, Super-CLEVR",
  Knowledge: "TQA, AI2D, ScienceQA, PMC-VQA, VQA-RAD, GVLQA, ArxivQA, EXAMS-V, AI2D-gpt4v",
  Spatial: "OpenSpaces, Spacellava",
};

/** The folders of images in the published data. */
const folderBuckets: Readonly<Record<string, BucketName>> = {
  Chart: "Chart",
  General: "General (Image)",
  Knowledge: "Knowledge",
  Math: "Math",
  OCR: "OCR",
  Spatial: "Spatial",
};

/** A source's name without its part ("LLaVA-Video-178K/0_30_s_academic_v0_1", "GEOS (MathV360K)"), case and punctuation. */
const keyOf = (source: string): string =>
  source
    .replace(/[/(].*$/s, "")
    .replace(/[^\p{L}\p{N}]/gu, "")
    .toLowerCase();

const bucketOfKey: ReadonlyMap<string, BucketName> = new Map(
  buckets.flatMap(({ name }) => sourcesOf[name].split(", ").map((source) => [keyOf(source), name] as const)),
);

/**
 * The bucket of the record's source; without a known one, that of the first two folders of its path, by the names of the
 * published folders (images alone) and of the sources; else "Other".
 */
export function bucketOf({ dataSource, dataType, path }: Pick<Example, "dataSource" | "dataType" | "path">): Bucket {
  const ofSource = bucketOfKey.get(keyOf(dataSource));
  if (ofSource !== undefined) return ofSource;
  const folders = path
    .replace(/^(\.?\/)+/, "")
    .split("/")
    .slice(0, -1);
  for (const folder of folders.slice(0, 2)) {
    const ofFolder = dataType === "image" && Object.hasOwn(folderBuckets, folder) ? folderBuckets[folder] : undefined;
    const bucket = ofFolder ?? bucketOfKey.get(keyOf(folder));
    if (bucket !== undefined) return bucket;
  }
  return "Other";
}
