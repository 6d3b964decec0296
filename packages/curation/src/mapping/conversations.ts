import { isBlank, MappingFault, type Row } from "./mapping.ts";

/** What becomes of a conversation of several questions: a record of each, of the first alone, or none. */
export const turnChoices = ["each", "first", "refuse"] as const;
export type TurnChoice = (typeof turnChoices)[number];

/** The question of one turn, and what its row says beside. */
export interface Draft {
  values: Record<string, unknown>;
  rest: Record<string, unknown>;
  /** 1-based, of a conversation with several. */
  turn?: number;
}

/** Columns that hold a conversation. */
const conversationColumns = ["conversations", "messages", "conversation", "prompt"] as const;

/** The column of a row that holds a conversation: a list of objects with a role. */
export function conversationColumn(row: Row): string | undefined {
  return conversationColumns.find((column) => isConversation(row[column]));
}

const isConversation = (value: unknown): value is unknown[] =>
  Array.isArray(value) && value.length > 0 && value.every((turn) => roleOf(turn) !== undefined);

/** Columns beside a conversation that a record's fields are from. */
const mediaColumns = ["image", "images", "video", "videos"];
const answerColumns = ["solution", "answer", "ground_truth"];

/**
 * The questions of a conversation as LLaVA, ms-swift and LLaMA-Factory (`from`, `value` or `role`, `content`) and TRL (`prompt`, parts
 * with a type) write it. The answer is the column `solution` or `answer`, else what the assistant says. Turns of a system are left out.
 *
 * @throws {MappingFault} If there is no question with an answer, or a turn has another role.
 */
export function draftsOfConversation(row: Row, column: string, turns: TurnChoice): Draft[] {
  const { [column]: conversation, completion, ...others } = row;
  if (!isConversation(conversation)) throw new MappingFault("TURNS", `holds no conversation in ${column}`);
  const said = [...conversation, ...(Array.isArray(completion) ? (completion as unknown[]) : [])].map(turnOf);
  const pairs: { question: Turn; answer: string | undefined }[] = [];
  for (const turn of said) {
    const last = pairs.at(-1);
    if (turn.role === "system") continue;
    if (turn.role === "user") pairs.push({ question: turn, answer: undefined });
    else if (last === undefined || last.answer !== undefined)
      throw new MappingFault("TURNS", "an answer follows no question");
    else last.answer = turn.text;
  }
  const answerColumn = answerColumns.find((name) => !isBlank(others[name]));
  if (pairs.length === 0) throw new MappingFault("TURNS", "the conversation has no question");
  if (pairs.length > 1 && turns === "refuse")
    throw new MappingFault(
      "TURNS",
      `the conversation has ${pairs.length} questions: turns=each makes a record of each`,
    );
  if (pairs.length > 1 && turns === "each" && answerColumn !== undefined)
    throw new MappingFault("TURNS", `has ${pairs.length} questions and one ${answerColumn}`);
  const { [answerColumn ?? ""]: solution, id, ...rest } = others;
  const taken = turns === "first" ? pairs.slice(0, 1) : pairs;
  return taken.map(({ question, answer }, i) => {
    const given = isBlank(solution) ? answer : solution;
    const media = mediaValues(others, question.media, pairs[0]!.question.media);
    const problemId = isBlank(rest.problem_id) ? id : rest.problem_id;
    const several = taken.length > 1 && !isBlank(problemId);
    const spare = isBlank(solution) || answer === undefined ? {} : thinkingOf(answer);
    const fields = ["problem_id", "problem_type", "options", "process", "data_type", "path", "data_source"];
    const own = Object.fromEntries(fields.filter((name) => !isBlank(rest[name])).map((name) => [name, rest[name]]));
    const known = new Set([...fields, ...mediaColumns]);
    return {
      values: {
        ...spare,
        ...own,
        ...media,
        problem_id: several ? `${String(problemId)}-${i + 1}` : problemId,
        problem: question.text,
        solution: given,
      },
      rest: Object.fromEntries(Object.entries(rest).filter(([name]) => !known.has(name))),
      ...(pairs.length > 1 ? { turn: i + 1 } : {}),
    };
  });
}

const thinkingOf = (text: string): object => {
  const [block] = /<think>[\s\S]*?<\/think>/.exec(text) ?? [];
  return block === undefined ? {} : { process: block };
};

interface Turn {
  role: "user" | "assistant" | "system";
  text: string;
  media: { kind: "image" | "video"; path: unknown }[];
}

const roles: Readonly<Record<string, Turn["role"]>> = {
  human: "user",
  user: "user",
  gpt: "assistant",
  assistant: "assistant",
  system: "system",
};

const roleOf = (turn: unknown): unknown =>
  typeof turn === "object" && turn !== null ? ((turn as Row).from ?? (turn as Row).role) : undefined;

function turnOf(turn: unknown): Turn {
  const name = String(roleOf(turn));
  const role = Object.hasOwn(roles, name) ? roles[name]! : undefined;
  if (role === undefined)
    throw new MappingFault("TURNS", `a turn is by ${JSON.stringify(name)}, which no record holds`);
  const { value, content = value } = turn as Row;
  if (typeof content === "string") return { role, ...withoutInlineMedia(content) };
  if (!Array.isArray(content)) throw new MappingFault("TURNS", `a turn by ${name} has no text`);
  const media: Turn["media"] = [];
  const texts = (content as unknown[]).map((part) => {
    const { type, text, ...held } = Object(part) as Row;
    if (typeof part === "string") return part;
    if (typeof text === "string" && text !== "") return text;
    const kind = String(type).replace(/_url$/, "");
    if (kind !== "image" && kind !== "video")
      throw new MappingFault("TURNS", `a part of a turn is ${JSON.stringify(type)}`);
    const path = [held[kind], held.path, held.url, held[`${kind}_url`]].find((each) => !isBlank(each));
    const url = typeof path === "object" && path !== null && !Array.isArray(path) ? ((path as Row).url ?? path) : path;
    if (!isBlank(url)) media.push({ kind, path: url });
    return `<${kind}>`;
  });
  return { role, text: texts.join(""), media };
}

/** ms-swift also reads media that stand in the text, as `<video>a.mp4</video>`. */
function withoutInlineMedia(content: string): Pick<Turn, "text" | "media"> {
  const media: Turn["media"] = [];
  const text = content.replace(/<(image|img|video)>([^<>\n]+)<\/\1>/g, (_, tag: string, path: string) => {
    const kind = tag === "video" ? "video" : "image";
    media.push({ kind, path });
    return `<${kind}>`;
  });
  return { text, media };
}

/** The media that a turn names in its parts, else the row's columns; of a later turn without any those of the first. */
function mediaValues(row: Row, own: Turn["media"], first: Turn["media"]): Record<string, unknown> {
  const inParts = own.length > 0 ? own : first;
  if (inParts.length === 0)
    return Object.fromEntries(mediaColumns.filter((name) => !isBlank(row[name])).map((name) => [name, row[name]]));
  const kinds = ["image", "video"] as const;
  const lists = kinds.map((kind) => [`${kind}s`, inParts.filter((each) => each.kind === kind).map(({ path }) => path)]);
  return Object.fromEntries(lists.filter(([, paths]) => paths!.length > 0));
}
