import type { ServedCompletion } from "./read-reply.ts";

/** A completion as the model wrote it: what the server's reasoning parser took out of the text belongs to it. */
export const outputOf = ({ text, reasoning }: Pick<ServedCompletion, "text" | "reasoning">): string =>
  reasoning === undefined ? text : `<think>${reasoning}</think>\n${text}`;
