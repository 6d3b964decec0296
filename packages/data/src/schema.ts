import { type ProblemType, problemTypes, type Rules, solutionFault } from "@videor1/rewards";
import { z } from "zod";
import { RecordError, type RecordPlace } from "./errors.ts";
import type { MediaItem } from "./media/media-item.ts";
import { recordMedia } from "./record-media.ts";

/** One question about videos or images, mostly one. */
export interface Example {
  /** As the record has it; ids that are equal as texts are the same. */
  problemId: number | string;
  /** Question text, without the options. */
  problem: string;
  problemType: ProblemType;
  /** "video" if any of the media is one. */
  dataType: "image" | "video";
  /** `["A. …", "B. …"]`; empty unless the type is multiple choice (or the record lists some anyway). */
  options: string[];
  /** `<think>…</think>`, tags included; only in annotated (SFT) records. */
  process?: string;
  /** `<answer>…</answer>`, tags included. */
  solution: string;
  /** Media path as the record has it, relative to the media root; of several the first. */
  path: string;
  /** Present if the record says more of its media than the path. */
  media?: readonly MediaItem[];
  /** Data set the record came from, "" where unknown. */
  dataSource: string;
  /** Task name inside a benchmark, e.g. VSI-Bench's "object_counting"; only in evaluation records. */
  originalQuestionType?: string;
}

const idRule = "must be an integer or a text that is not empty";
const problemId = z.union([z.int(), z.string().min(1, idRule)], { error: idRule });

const plainRecord = z
  .object({
    problem_id: problemId,
    problem: z.string(),
    problem_type: z.enum(problemTypes),
    options: z.array(z.string()).nullish(),
    process: z.string().nullish(),
    solution: z.string().regex(/<answer>[\s\S]*<\/answer>/, "must contain <answer>…</answer>"),
    data_source: z.string().nullish(),
    original_question_type: z.string().nullish(),
  })
  .refine(({ problem_type, options }) => problem_type !== "multiple choice" || (options?.length ?? 0) > 0, {
    path: ["options"],
    message: "a multiple choice record needs at least one option",
  });

const withSolutionFor = (rules: Rules) =>
  plainRecord.superRefine(({ solution, problem_type, options }, { addIssue }) => {
    const fault = solutionFault(solution, problem_type, options ?? [], rules);
    if (fault !== undefined) addIssue({ code: "custom", path: ["solution"], message: fault });
  });

/** By the rules that its solution is for. */
const foreignRecord: Record<Rules, ReturnType<typeof withSolutionFor>> = {
  "video-r1": withSolutionFor("video-r1"),
  safe: withSolutionFor("safe"),
};

/**
 * Parses a foreign snake_case record as an {@link Example}. Unknown fields are ignored, and of an image those that choose a
 * video's frames; `options`, `process`, `data_source` and `original_question_type` may be missing, null or empty, except
 * `options` of a multiple choice record, and the choices of a media item missing or null.
 *
 * @param place - where the record was found; only for the error message.
 * @param rules - of the rewards that the solution is for; default video-r1.
 * @throws {RecordError} If a field is missing, has another type, or `problem_type` is spelt differently; if the media are not
 * as {@link recordMedia} reads them; or if no completion can earn the solution, or silence would.
 * @see Video-R1-260k.json and the eval_*.json files of tulerfeng/Video-R1@59d65c3
 */
export function parseRecord(record: unknown, place: RecordPlace, rules: Rules = "video-r1"): Example {
  const { data, error } = foreignRecord[rules].safeParse(record);
  const found = recordMedia(Object(record) as object);
  if (!data || "faults" in found) {
    const faults = error?.issues.map(({ path, message }) => ({ field: path.join("."), message })) ?? [];
    const all = isRecord(record) && "faults" in found ? [...faults, ...found.faults] : faults;
    const issues = all.map(({ field, message }) => (field === "" ? message : `${field}: ${message}`));
    throw new RecordError(place, problemIdOf(record), issues);
  }
  const { dataType, media } = found;
  const [first] = media as [MediaItem];
  const saysMore = media.length > 1 || Object.keys(first).length > 2 || typeof first.path !== "string";
  return {
    problemId: data.problem_id,
    problem: data.problem,
    problemType: data.problem_type,
    dataType,
    options: data.options ?? [],
    ...(data.process ? { process: data.process } : {}),
    solution: data.solution,
    path: [first.path].flat()[0]!,
    ...(saysMore ? { media } : {}),
    dataSource: data.data_source ?? "",
    ...(data.original_question_type ? { originalQuestionType: data.original_question_type } : {}),
  };
}

const isRecord = (value: unknown): boolean => typeof value === "object" && value !== null;

/** The media of an example: images before videos. */
export const mediaOf = ({
  dataType,
  path,
  media,
}: Pick<Example, "dataType" | "path" | "media">): readonly MediaItem[] => media ?? [{ kind: dataType, path }];

function problemIdOf(record: unknown): number | string | undefined {
  const id = z.object({ problem_id: z.union([z.int(), z.string().min(1)]) }).safeParse(record);
  return id.success ? id.data.problem_id : undefined;
}
