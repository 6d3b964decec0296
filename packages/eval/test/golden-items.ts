import type { BenchmarkName } from "../src/benchmark-name.ts";
import { type AnswerType, type BenchmarkItem, letterAt } from "../src/item.ts";

type Row = Record<string, unknown>;

const media = [{ kind: "video" as const, path: "clip.mp4" }];
const text = (value: unknown): string => String(value ?? "");
const texts = (value: unknown): string[] => (value === null || value === undefined ? [] : (value as string[]));
const withoutLetter = (option: string): string => option.replace(/^[A-Z][.:] /, "");
const letterOf = (options: readonly string[], answer: string): string => letterAt(options.indexOf(answer));

type Shape = Pick<BenchmarkItem, "id" | "question" | "gold" | "answerType" | "problemType"> &
  Partial<Pick<BenchmarkItem, "options" | "groups" | "extra" | "precision">>;

const choice = { answerType: "choice", problemType: "multiple choice" } as const;

const shapes: Record<BenchmarkName, (files: Record<string, unknown>) => Shape[]> = {
  "vsi-bench": (files) =>
    Object.values(files)
      .flatMap((rows) => rows as Row[])
      .map((row) => ({
        id: text(row.id),
        question: text(row.question),
        options: texts(row.options).map(withoutLetter),
        gold: text(row.ground_truth),
        groups: { task: text(row.question_type) },
        ...(row.options ? choice : { answerType: "number", problemType: "regression" }),
        extra: row,
      })),
  "video-mmmu": (files) =>
    Object.values(files).flatMap((file) =>
      Object.entries(file as Record<string, Record<string, Row>>).flatMap(([track, rows]) =>
        Object.values(rows).map((row) => {
          const options = texts(row.options);
          const isNumber = /^-?[0-9.,]+$/.test(text(row.answer));
          return {
            id: `${track}/${text(row.id)}`,
            question: text(row.question),
            options,
            gold: text(row.answer),
            groups: { task: track, track },
            ...(options.length > 0
              ? choice
              : {
                  answerType: "text" as const,
                  problemType: isNumber ? ("numerical" as const) : ("free-form" as const),
                }),
            extra: { ...row, track },
          };
        }),
      ),
    ),
  mmvu: (files) =>
    Object.values(files)
      .flatMap((rows) => rows as Row[])
      .map((row) => {
        const options = Object.values(row.choices as Record<string, string>).filter((option) => option !== "");
        const isNumber = /^-?[0-9.,]+$/.test(text(row.answer));
        return {
          id: text(row.id),
          question: text(row.question),
          options,
          gold: text(row.answer),
          ...(options.length > 0
            ? choice
            : { answerType: "text" as const, problemType: isNumber ? ("numerical" as const) : ("free-form" as const) }),
          extra: row,
        };
      }),
  mvbench: (files) =>
    Object.entries(files).flatMap(([path, rows]) =>
      (rows as Row[]).map((row, i) => {
        const task = path.replace(/^json\/|\.json$/g, "");
        const options = texts(row.candidates);
        return {
          id: `${task}/${i}`,
          question: text(row.question),
          options,
          gold: letterOf(options, text(row.answer)),
          groups: { task },
          ...choice,
          extra: { ...row, task },
        };
      }),
    ),
  tempcompass: (files) => {
    const meta = files["meta_info.json"] as Record<string, { eval_dim: Record<string, { type?: string } | null> }>;
    return Object.entries(files)
      .filter(([path]) => path.startsWith("questions/"))
      .flatMap(([path, videos]) => {
        const task = path.replace(/^questions\/|\.json$/g, "");
        return Object.entries(videos as Record<string, Record<string, Row[]>>).flatMap(([video, aspects]) =>
          Object.entries(aspects).flatMap(([aspect, rows]) =>
            rows.map((row, i) => {
              const fineAspect = meta[video]?.eval_dim[aspect]?.type ?? aspect;
              const [, ...lines] = text(row.question).split("\n");
              const answer = text(row.answer);
              const rest = {
                id: `${task}/${video}/${aspect}/${i}`,
                question: text(row.question),
                groups: { task, aspect, fineAspect },
                extra: { ...row, task, video, aspect },
              };
              if (task === "multi-choice") {
                return { ...rest, options: lines.map(withoutLetter), gold: answer[0]!, ...choice };
              }
              if (task === "yes_no") {
                const gold = answer === "yes" ? "A" : "B";
                return { ...rest, options: ["yes", "no"], gold, ...choice, answerType: "yes-no" as AnswerType };
              }
              if (task === "caption_matching") {
                const options = lines.map((line) => line.split(": ")[1]!);
                return { ...rest, options, gold: letterAt(lines.indexOf(answer)), ...choice };
              }
              return { ...rest, gold: answer, answerType: "caption" as const, problemType: "free-form" as const };
            }),
          ),
        );
      });
  },
  "video-mme": (files) =>
    Object.values(files)
      .flatMap((rows) => rows as Row[])
      .map((row) => ({
        id: text(row.question_id),
        question: text(row.question),
        options: texts(row.options).map(withoutLetter),
        gold: text(row.answer),
        groups: { task: text(row.task_type), duration: text(row.duration), domain: text(row.domain) },
        ...choice,
        extra: row,
      })),
  longvideobench: (files) =>
    Object.values(files)
      .flatMap((rows) => rows as Row[])
      .map((row) => ({
        id: text(row.id),
        question: text(row.question),
        options: texts(row.candidates),
        gold: letterAt(row.correct_choice as number),
        ...choice,
        extra: row,
      })),
  egoschema: (files) =>
    Object.values(files)
      .flatMap((rows) => rows as Row[])
      .map((row) => ({
        id: text(row.question_idx),
        question: text(row.question),
        options: texts(row.option).map(withoutLetter),
        gold: letterAt(Number(row.answer)),
        ...choice,
        extra: row,
      })),
  "video-holmes": (files) =>
    Object.values(files)
      .flatMap((rows) => rows as Row[])
      .map((row) => ({
        id: text(row["Question ID"]),
        question: text(row.Question),
        options: Object.values(row.Options as Record<string, string>),
        gold: text(row.Answer),
        groups: { task: text(row["Question Type"]) },
        ...choice,
        extra: row,
      })),
  pope: (files) =>
    Object.values(files)
      .flatMap((rows) => rows as Row[])
      .map((row) => ({
        id: text(row.id),
        question: text(row.question),
        gold: text(row.answer),
        groups: { task: text(row.category) },
        answerType: "yes-no",
        problemType: "free-form",
        extra: row,
      })),
  mathvista: (files) =>
    Object.values(files)
      .flatMap((rows) => Object.values(rows as Record<string, Row>))
      .map((row) => {
        const options = texts(row.choices);
        return {
          id: text(row.pid),
          question: text(row.question),
          options,
          gold: options.length > 0 ? letterOf(options, text(row.answer)) : text(row.answer),
          ...(options.length > 0
            ? choice
            : { answerType: text(row.answer_type) as AnswerType, problemType: "numerical" as const }),
          ...(row.precision !== null && { precision: row.precision as number }),
          extra: row,
        };
      }),
};

/** The items of a benchmark's official files, as far as scorers read them. */
export function itemsOfGolden(benchmark: BenchmarkName, files: Record<string, unknown>): BenchmarkItem[] {
  return shapes[benchmark](files).map((shape) => ({ benchmark, groups: {}, options: [], media, ...shape }));
}
