import { assistantText, type Example, mediaOf } from "@videor1/data";
import { MappingFault, type Row } from "./mapping.ts";

/** How others write a conversation: lists of media (ms-swift, LLaMA-Factory), or one under `image` or `video` (LLaVA). */
export const conversationShapes = ["sharegpt", "llava"] as const;
export type ConversationShape = (typeof conversationShapes)[number];

/** Fields that are texts in every record, so that tables of all readers can have them as columns. */
const textFields = ["problem", "problem_type", "solution", "process", "data_source", "original_question_type"];

/** The column that holds, as JSON text, what a record has beside. */
const ownColumn = "videor1";

/**
 * A record as a conversation of one question and its answer: media in the places of their tags, options a line each, thinking before
 * the answer. Texts of the record stay beside it, as `solution` for reward functions; all else is JSON text in `videor1`, from which
 * {@link recordOfConversation} makes the record again.
 *
 * @throws {MappingFault} If LLaVA's shape cannot hold the media: it has no place for images beside videos.
 */
export function conversationOf(fields: Row, example: Example, shape: ConversationShape): Record<string, unknown> {
  const media = mediaOf(example);
  const tags = media[0]?.tagged ? "" : media.map(({ kind }) => `<${kind}>\n`).join("");
  const question = [example.problem, ...example.options].join("\n");
  const paths = (kind: string) => media.filter((item) => item.kind === kind).map(({ path }) => path);
  const isText = (name: string) => textFields.includes(name) && typeof fields[name] === "string";
  const beside = Object.entries(fields).filter(([name]) => !isText(name));
  return {
    ...mediaColumns(paths("image"), paths("video"), shape, example.problemId),
    conversations: [
      { from: "human", value: `${tags}${question}` },
      { from: "gpt", value: assistantText(example).trim() },
    ],
    ...Object.fromEntries(Object.entries(fields).filter(([name]) => isText(name))),
    [ownColumn]: JSON.stringify(Object.fromEntries(beside)),
  };
}

function mediaColumns(
  images: readonly unknown[],
  videos: readonly unknown[],
  shape: ConversationShape,
  id: number | string,
): Record<string, unknown> {
  if (shape === "sharegpt")
    return { ...(images.length > 0 ? { images } : {}), ...(videos.length > 0 ? { videos } : {}) };
  if (images.length > 0 && videos.length > 0)
    throw new MappingFault("SHAPE", "LLaVA's shape holds images or a video, not both");
  const one = (list: readonly unknown[]) => (list.length === 1 ? list[0] : list);
  return { id: String(id), ...(images.length > 0 ? { image: one(images) } : { video: one(videos) }) };
}

/** Whether {@link conversationOf} wrote the row. */
export const isOwnConversation = (row: Row): boolean =>
  typeof row[ownColumn] === "string" && Array.isArray(row.conversations);

/**
 * The record that a conversation of ours was made of.
 *
 * @throws {SyntaxError} If its JSON text was changed and is none.
 */
export function recordOfConversation(row: Row): Record<string, unknown> {
  const beside = JSON.parse(String(row[ownColumn])) as Record<string, unknown>;
  const texts = textFields.filter((name) => typeof row[name] === "string").map((name) => [name, row[name]]);
  return { ...beside, ...Object.fromEntries(texts) };
}
