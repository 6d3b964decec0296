import { entriesOf, type FoundRow, isRecord, type OfficialContents, type OfficialFile } from "../../official-file.ts";

export const tempcompassTasks = ["multi-choice", "yes_no", "caption_matching", "captioning"] as const;
export type TempcompassTask = (typeof tempcompassTasks)[number];

/** What the place of a record says of it. */
export interface TempcompassFacts {
  task: TempcompassTask;
  video_id: string;
  aspect: string;
  /** Position among the questions of its video and aspect. */
  number: number;
  /** One of eleven; undefined without meta_info.json. */
  fine_aspect?: string;
}

const metaInfo = "meta_info.json";

/**
 * The kind of an aspect that a video shows; `order` has one kind alone.
 *
 * @throws {TypeError} If meta_info.json is of another form. A video or an aspect that it lacks has no kind.
 */
function fineAspect(contents: OfficialContents, video: string, aspect: string): string | undefined {
  if (aspect === "order") return "order";
  const info = contents[metaInfo];
  if (info === undefined) return undefined;
  const inside = (value: unknown, key: string, where: string): unknown => {
    if (!isRecord(value)) throw new TypeError(`finds no object in ${metaInfo}${where}`);
    return value[key];
  };
  const ofVideo = inside(info, video, "");
  if (ofVideo === undefined) return undefined;
  const dimension = inside(inside(ofVideo, "eval_dim", `/${video}`), aspect, `/${video}/eval_dim`);
  if (dimension === undefined) return undefined;
  const type = inside(dimension, "type", `/${video}/eval_dim/${aspect}`);
  if (typeof type !== "string") throw new TypeError(`finds no text in ${metaInfo}/${video}/eval_dim/${aspect}/type`);
  return type;
}

/** The repository nests records by video and aspect; the data set has a table with `video_id` and `dim`. */
function rowsOf(task: TempcompassTask, content: unknown, contents: OfficialContents): FoundRow[] {
  const found = (record: unknown, video_id: string, aspect: string, number: number): FoundRow => {
    const fine_aspect = fineAspect(contents, video_id, aspect);
    const facts = { task, video_id, aspect, number, ...(fine_aspect !== undefined && { fine_aspect }) };
    return { record, at: `${video_id}/${aspect}/${number}`, facts };
  };
  if (Array.isArray(content)) {
    const counts = new Map<string, number>();
    return content.map((record, at) => {
      const { video_id, dim } = isRecord(record) ? record : {};
      const number = counts.get(`${video_id}/${dim}`) ?? 0;
      counts.set(`${video_id}/${dim}`, number + 1);
      return { ...found(record, String(video_id), String(dim), number), at };
    });
  }
  return entriesOf(content).flatMap(([video, aspects]) =>
    entriesOf(aspects).flatMap(([aspect, records]) => {
      if (!Array.isArray(records)) throw new TypeError(`has no list of questions under ${video}/${aspect}`);
      return records.map((record, number) => found(record, video, aspect, number));
    }),
  );
}

export const tempcompassFiles: readonly OfficialFile[] = [
  ...tempcompassTasks.map(
    (task): OfficialFile => ({
      names: [`questions/${task}.json`, `${task}/test-00000-of-00001.parquet`],
      task,
      rows: (content, contents) => rowsOf(task, content, contents),
    }),
  ),
  { names: [metaInfo], factsOnly: true, rows: () => [] },
];
