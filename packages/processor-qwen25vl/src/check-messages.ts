import type { Message } from "./chat-template.ts";
import { SpecialTokenError } from "./processor-errors.ts";

/** Tokens that stand for media, or open and close turns; the tokenizer reads them in a text as well. */
const structural = /<\|(im_start|im_end|endoftext|vision_start|vision_end|vision_pad|image_pad|video_pad)\|>/;

/**
 * Refuses a conversation whose text holds a token of the chat's structure, so that its record fails alone: the text would count
 * as a clip that is not there, or end its turn.
 *
 * @throws {SpecialTokenError} For the first such token.
 */
export function checkMessages(messages: readonly Message[]): void {
  for (const { role, content } of messages) {
    const parts = typeof content === "string" ? [{ type: "text" as const, text: content }] : content;
    for (const part of parts) {
      const token = part.type === "text" ? structural.exec(part.text)?.[0] : undefined;
      if (token !== undefined) throw new SpecialTokenError(token, role);
    }
  }
}
