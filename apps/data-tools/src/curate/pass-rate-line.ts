import { accuracyReward, problemTypes, type Rules } from "@videor1/rewards";
import { z } from "zod";

const share = z.number().min(0).max(1);
const id = z.union([z.int(), z.string().min(1)]);
const right = z.union([share, z.boolean()]).transform(Number);

/** Scores of answers to one problem. */
export interface Scored {
  problemId: number | string;
  /** Absent where the line does not say: then the id alone tells the problem. */
  dataSource?: string | undefined;
  /** In [0, 1]; none of a question that could not be asked. */
  scores: number[];
}

type Form = (line: unknown) => Scored | undefined;

/** Lines that runs and evaluations write. */
function ours<Shape extends z.ZodRawShape>(
  shape: Shape,
  scoresOf: (line: z.output<z.ZodObject<Shape>>) => number[],
): Form {
  const head = z.object({ problemId: id, dataSource: z.string().optional() });
  const body = z.object(shape);
  return (line) => {
    const [told, found] = [head.safeParse(line), body.safeParse(line)];
    return told.success && found.success ? { ...told.data, scores: scoresOf(found.data) } : undefined;
  };
}

/** Lines of one's own, whose fields are named as a record's. */
function foreign<Shape extends z.ZodRawShape>(
  shape: Shape,
  scoresOf: (line: z.output<z.ZodObject<Shape>>) => number[],
): Form {
  const head = z.object({ problem_id: id, data_source: z.string().nullish() });
  const body = z.object(shape);
  return (line) => {
    const [told, found] = [head.safeParse(line), body.safeParse(line)];
    if (!told.success || !found.success) return undefined;
    const { problem_id: problemId, data_source } = told.data;
    return { problemId, dataSource: data_source ?? undefined, scores: scoresOf(found.data) };
  };
}

/**
 * Reads a line of a file of pass rates; undefined if it has none of the forms. The first that fits is taken.
 *
 * @param rules - by which answers that have no score are scored.
 */
export function passRateLine(rules: Rules): Form {
  const answer = { problemType: z.enum(problemTypes), solution: z.string(), output: z.string() };
  const forms = [
    ours({ ordered: z.array(z.object({ accuracy: share })) }, ({ ordered }) => ordered.map(({ accuracy }) => accuracy)), // rollouts.jsonl
    ours({ status: z.literal("answered"), score: share }, ({ score }) => [score]), // <name>.predictions.jsonl
    ours({ status: z.literal("answered"), ...answer }, ({ output, solution, problemType }) => [
      accuracyReward(output, solution, problemType, { rules }), // <name>/ordered.jsonl
    ]),
    ours({ status: z.literal("failed"), reason: z.string() }, () => []),
    ours({ step: z.int(), rewards: z.object({ accuracy: share }) }, ({ rewards }) => [rewards.accuracy]), // validation.jsonl
    foreign({ rewards: z.array(right) }, ({ rewards }) => rewards),
    foreign({ correct: z.union([right, z.array(right)]) }, ({ correct }) => [correct].flat()),
    foreign({ pass_rate: share }, ({ pass_rate }) => [pass_rate]),
  ];
  return (line) => {
    for (const form of forms) {
      const scored = form(line);
      if (scored !== undefined) return scored;
    }
    return undefined;
  };
}
