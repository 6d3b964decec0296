/** A file of the processor (tokenizer, chat template, pixel settings) is missing, unreadable or asks for what is not supported. */
export class ProcessorFileError extends Error {
  override readonly name = "ProcessorFileError";
  readonly code = "PROCESSOR_FILE";
  readonly path: string;
  readonly hint: string;

  constructor({ path, problem, hint }: { path: string; problem: string; hint: string }, options?: ErrorOptions) {
    super(`${path}: ${problem}. ${hint}`, options);
    this.path = path;
    this.hint = hint;
  }
}

/** An image or frame whose sides cannot be turned into patches. */
export class ImageSizeError extends Error {
  override readonly name = "ImageSizeError";
  readonly code = "IMAGE_SIZE";
  readonly height: number;
  readonly width: number;
  readonly hint: string;

  constructor({ height, width, problem, hint }: { height: number; width: number; problem: string; hint: string }) {
    super(`Image of ${height}x${width} pixels (height x width): ${problem}. ${hint}`);
    this.height = height;
    this.width = width;
    this.hint = hint;
  }
}

/** A text holds a token of the chat's structure, such as a media placeholder. */
export class SpecialTokenError extends Error {
  override readonly name = "SpecialTokenError";
  readonly code = "SPECIAL_TOKEN";
  readonly token: string;
  readonly hint =
    "Take the token out of the record's text (problem, options, process, solution), or leave the record out.";

  constructor(token: string, role: string) {
    super(
      `The text of the ${role} turn holds the special token ${token}, which would be read as part of the chat itself`,
    );
    this.token = token;
  }
}

/** Error code of a record that the processor refuses -> its code in a run's ledger. */
export const inputFailureCodes = {
  IMAGE_SIZE: "SHAPE_REFUSED",
  SPECIAL_TOKEN: "TEXT_REFUSED",
} as const satisfies Record<(ImageSizeError | SpecialTokenError)["code"], string>;

/** A conversation whose text asks for another number of images or videos than it was given. */
export class MediaCountError extends Error {
  override readonly name = "MediaCountError";
  readonly code = "MEDIA_COUNT";
  /** The number of the conversation in its batch, from 0; undefined if it was processed alone. */
  readonly conversation: number | undefined;
  readonly kind: "image" | "video";
  readonly placeholders: number;
  readonly clips: number;
  readonly hint: string;

  constructor({ conversation, kind, placeholders, clips }: MediaCount) {
    const hint = `Give one clip per { type: "${kind}" } part, in order, and keep literal pad tokens out of the text.`;
    const where = conversation === undefined ? "The conversation" : `Conversation ${conversation}`;
    super(`${where}: ${placeholders} ${kind} placeholder(s) in the text, ${clips} ${kind} clip(s) given. ${hint}`);
    this.conversation = conversation;
    this.kind = kind;
    this.placeholders = placeholders;
    this.clips = clips;
    this.hint = hint;
  }
}

interface MediaCount {
  conversation: number | undefined;
  kind: "image" | "video";
  placeholders: number;
  clips: number;
}

/** A word that is not in the vocabulary of a tokenizer that has no unknown token. */
export class UnknownTokenError extends Error {
  override readonly name = "UnknownTokenError";
  readonly code = "UNKNOWN_TOKEN";
  readonly token: string;
  readonly hint: string;

  constructor(token: string) {
    const hint = "Add the word to the vocabulary, or give tokenizer.json's model an unk_token.";
    super(`Tokenizer: ${JSON.stringify(token)} is not in the vocabulary and there is no unknown token. ${hint}`);
    this.token = token;
    this.hint = hint;
  }
}
