import { join } from "node:path";
import { Template } from "@huggingface/jinja";
import { z } from "zod";
import { ProcessorFileError } from "./processor-errors.ts";
import { readJsonIfThere, readTextIfThere } from "./read-json.ts";
import { TokenizerConfig } from "./tokenizer.ts";

/** A piece of a turn; images and videos stand for the clips given beside the messages, in order. */
export type ContentPart = { type: "text"; text: string } | { type: "image" } | { type: "video" };

/** One turn of a conversation. */
export interface Message {
  role: string;
  content: string | readonly ContentPart[];
}

export interface ChatTemplateOptions {
  /** Open the assistant's turn at the end, for generation. Default false. */
  addGenerationPrompt?: boolean;
  /** Number the media: "Picture 1: ", "Video 1: ". Default false, as Video-R1 asks. */
  addVisionId?: boolean;
}

/** Messages -> the text of one conversation, a single placeholder token per image and video. */
export type ChatTemplate = (messages: readonly Message[], options?: ChatTemplateOptions) => string;

/**
 * Creates a chat template from Jinja source, which is parsed once.
 * @param variables - Variables that the template may use besides the messages, such as `eos_token`.
 */
export function createChatTemplate(source: string, variables: Readonly<Record<string, unknown>> = {}): ChatTemplate {
  const template = new Template(source);
  return (messages, { addGenerationPrompt = false, addVisionId = false } = {}) =>
    template.render({
      ...variables,
      messages,
      add_generation_prompt: addGenerationPrompt,
      add_vision_id: addVisionId,
    });
}

const NamedTemplates = z.array(z.looseObject({ name: z.string(), template: z.string() }));
const TemplateFile = z.looseObject({ chat_template: z.union([z.string(), NamedTemplates]).optional() });

/**
 * Reads the chat template of a model's folder: chat_template.jinja, else chat_template.json, else the `chat_template` of
 * tokenizer_config.json (of several, the one named "default").
 *
 * @throws {ProcessorFileError} If no file has a template, or it cannot be parsed.
 */
export async function loadChatTemplate(folder: string): Promise<ChatTemplate> {
  const config = TokenizerConfig.safeParse((await readJsonIfThere(join(folder, "tokenizer_config.json"))) ?? {}).data;
  const { bos_token, eos_token, pad_token } = config ?? {};
  const { path, source } = await findTemplate(folder);
  try {
    return createChatTemplate(source, { bos_token, eos_token, pad_token });
  } catch (cause) {
    const problem = `is no chat template that can be parsed: ${(cause as Error).message}`;
    throw new ProcessorFileError({ path, problem, hint: "Compare it with the base model's template." }, { cause });
  }
}

async function findTemplate(folder: string): Promise<{ path: string; source: string }> {
  const jinja = join(folder, "chat_template.jinja");
  const source = await readTextIfThere(jinja);
  if (source !== undefined) return { path: jinja, source };
  for (const name of ["chat_template.json", "tokenizer_config.json"]) {
    const path = join(folder, name);
    const found = TemplateFile.safeParse(await readJsonIfThere(path)).data?.chat_template;
    const text = Array.isArray(found) ? found.find((template) => template.name === "default")?.template : found;
    if (text !== undefined) return { path, source: text };
  }
  const hint = "Copy chat_template.json from the base model's folder.";
  throw new ProcessorFileError({ path: jinja, problem: "there is no chat template in the folder", hint });
}
