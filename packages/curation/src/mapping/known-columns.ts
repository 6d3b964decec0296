import type { FieldSource, Mapping } from "./mapping.ts";

/** Field of a record -> names that columns of it have, the surest first; in lower case, without `_`, `-` and spaces. */
const knownColumns: Readonly<Record<string, readonly string[]>> = {
  problem_id: ["problemid", "questionid", "qid", "id", "uid", "uuid", "index", "idx"],
  problem: ["problem", "question", "query", "prompt", "questiontext", "instruction"],
  problem_type: ["problemtype", "questiontype", "answertype"],
  data_type: ["datatype", "modality"],
  options: ["options", "choices", "candidates", "answerchoices", "multiplechoiceoptions", "option"],
  solution: [
    "solution",
    "answer",
    "correctanswer",
    "groundtruth",
    "gt",
    "correctchoice",
    "correctchoiceidx",
    "answeridx",
    "answerindex",
    "answerid",
    "correctidx",
    "correct",
    "mcanswer",
    "label",
    "response",
    "target",
  ],
  process: ["process", "reasoning", "cot", "thinking", "rationale"],
  video: [
    "video",
    "videopath",
    "videofile",
    "videoname",
    "videofilename",
    "clip",
    "clippath",
    "videourl",
    "videoid",
    "videoidx",
    "vid",
  ],
  videos: ["videos"],
  image: ["image", "imagepath", "imagefile", "imagename", "imagefilename", "img", "imageid"],
  images: ["images"],
  path: ["path", "file", "filepath", "filename", "media", "mediapath"],
  data_source: ["datasource", "dataset", "source"],
  original_question_type: ["originalquestiontype", "task", "tasktype", "category"],
  video_start: ["videostart", "starttime", "start", "startsecond", "clipstart"],
  video_end: ["videoend", "endtime", "end", "endsecond", "clipend"],
};

/** Fields that are taken of a column with exactly their name. */
export const choiceFields = [
  "fps",
  "nframes",
  "min_frames",
  "max_frames",
  "min_pixels",
  "max_pixels",
  "total_pixels",
  "resized_height",
  "resized_width",
  "sample_fps",
] as const;

/** Columns of one option each, from the first: `A`, `B` …; `option_a`, `choice_a` …; `option1`, `a0` …. */
const optionSeries: readonly ((index: number) => string)[] = [
  (i) => letter(i),
  (i) => `option${letter(i)}`,
  (i) => `choice${letter(i)}`,
  (i) => `option${i + 1}`,
  (i) => `option${i}`,
  (i) => `options${i + 1}`,
  (i) => `choice${i + 1}`,
  (i) => `choice${i}`,
  (i) => `a${i}`,
  (i) => `a${i + 1}`,
];
const letter = (index: number): string => String.fromCharCode(97 + index);

const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_\s]/g, "");

/**
 * The mapping of a table by the names of its columns. Of several columns that can be a field's the surest is taken, and each column
 * once; media are taken from `video` and `image` columns, else from `path`.
 *
 * @returns fields that no column was found for are not in it.
 */
export function mappingOfColumns(columns: readonly string[]): Mapping {
  const byName = new Map(columns.map((column) => [plain(column), column] as const).reverse());
  const fields: Record<string, FieldSource> = {};
  for (const [field, names] of Object.entries(knownColumns)) {
    const name = names.find((each) => byName.has(each));
    if (name === undefined) continue;
    if (field === "path" && ["video", "videos", "image", "images"].some((media) => media in fields)) continue;
    fields[field] = byName.get(name)!;
    byName.delete(name);
  }
  for (const field of choiceFields) if (byName.has(plain(field)) && columns.includes(field)) fields[field] = field;
  const options = "options" in fields ? [] : optionColumns(byName);
  return { fields: options.length > 0 ? { ...fields, options } : fields };
}

function optionColumns(byName: ReadonlyMap<string, string>): string[] {
  for (const series of optionSeries) {
    const found: string[] = [];
    for (let column = byName.get(series(0)); column !== undefined; column = byName.get(series(found.length)))
      found.push(column);
    if (found.length >= 2) return found;
  }
  return [];
}
