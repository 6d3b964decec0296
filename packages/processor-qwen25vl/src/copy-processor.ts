import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";

const processorFiles = [
  "tokenizer.json",
  "tokenizer_config.json",
  "vocab.json",
  "merges.txt",
  "added_tokens.json",
  "special_tokens_map.json",
  "chat_template.json",
  "chat_template.jinja",
  "preprocessor_config.json",
  "processor_config.json",
  "video_preprocessor_config.json",
];

/** Copies the tokenizer, chat template and processor files that a checkpoint has into the folder of a saved model. */
export function copyProcessor(from: string, to: string): void {
  for (const file of processorFiles) if (existsSync(join(from, file))) copyFileSync(join(from, file), join(to, file));
}
