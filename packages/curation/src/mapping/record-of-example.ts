import { type Example, type MediaItem, mediaOf } from "@videor1/data";

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The record that {@link Example} is read of: one medium as `path` with its choices beside it, several as `images` and `videos`. */
export function recordOfExample(example: Example): Record<string, unknown> {
  const { problemId, problem, problemType, dataType, options, process, solution, dataSource, originalQuestionType } =
    example;
  const media = mediaOf(example);
  return {
    problem_id: problemId,
    problem,
    data_type: dataType,
    problem_type: problemType,
    options,
    ...(process === undefined ? {} : { process }),
    solution,
    ...mediaFieldsOf(media),
    data_source: dataSource,
    ...(originalQuestionType === undefined ? {} : { original_question_type: originalQuestionType }),
  };
}

function mediaFieldsOf(media: readonly MediaItem[]): Record<string, unknown> {
  const [first] = media;
  if (media.length === 1) return { path: first!.path, ...choicesOf(first!) };
  const kinds = ["image", "video"] as const;
  const lists = kinds.map((kind) => [`${kind}s`, media.filter((item) => item.kind === kind).map(entryOf)]);
  return Object.fromEntries(lists.filter(([, entries]) => entries!.length > 0));
}

function entryOf(item: MediaItem): unknown {
  const choices = choicesOf(item);
  return Object.keys(choices).length === 0 ? item.path : { [item.kind]: item.path, ...choices };
}

const choicesOf = ({ kind: _kind, path: _path, tagged: _tagged, ...choices }: MediaItem): Record<string, unknown> =>
  Object.fromEntries(Object.entries(choices).map(([name, value]) => [snakeCase(name), value]));
