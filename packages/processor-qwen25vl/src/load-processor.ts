import { join } from "node:path";
import { loadChatTemplate } from "./chat-template.ts";
import { checkFolder } from "./check-folder.ts";
import { createProcessor, type Processor } from "./processor.ts";
import { loadProcessorConfig } from "./processor-config.ts";
import { ProcessorFileError } from "./processor-errors.ts";
import { loadTokenizer } from "./tokenizer.ts";

/**
 * Reads the processor of a model's folder: tokenizer.json, tokenizer_config.json, the chat template, and the pixel settings
 * of preprocessor_config.json, video_preprocessor_config.json or processor_config.json.
 *
 * @throws {ProcessorFileError} If the folder or a file is missing, malformed or asks for what is not supported.
 */
export async function loadProcessor(folder: string): Promise<Processor> {
  checkFolder(folder);
  const [tokenizer, chatTemplate, config] = await Promise.all([
    loadTokenizer(folder),
    loadChatTemplate(folder),
    loadProcessorConfig(folder),
  ]);
  const idOf = (token: string): number => {
    const id = tokenizer.tokenId(token);
    if (id !== undefined) return id;
    const hint = "Take the tokenizer of a Qwen2.5-VL checkpoint; the text-only models' lack it.";
    throw new ProcessorFileError({ path: join(folder, "tokenizer.json"), problem: `has no token ${token}`, hint });
  };
  return createProcessor({
    tokenizer,
    chatTemplate,
    config,
    imageTokenId: idOf("<|image_pad|>"),
    videoTokenId: idOf("<|video_pad|>"),
    padTokenId: tokenizer.padTokenId ?? idOf("<|endoftext|>"),
  });
}
