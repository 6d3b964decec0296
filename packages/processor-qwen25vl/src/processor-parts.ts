import type { ChatTemplate } from "./chat-template.ts";
import type { ProcessorConfig } from "./processor-config.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** The parts of a processor. */
export interface ProcessorParts {
  tokenizer: Tokenizer;
  chatTemplate: ChatTemplate;
  config: ProcessorConfig;
  imageTokenId: number;
  videoTokenId: number;
  padTokenId: number;
}
