/** Tokens at the end of a turn, which decoding with `skip_special_tokens=False` leaves in the text. */
const endTokens = ["<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end_of_text|>", "</s>", "<pad>"];

/** The openings of the model's turn in the chat templates of Qwen and of Llama 3. */
const turnMarkers = ["<|im_start|>assistant\n", "<|start_header_id|>assistant<|end_header_id|>\n\n"];

/** The text without end-of-turn and padding tokens at its end, and line breaks after them; its own line breaks stay. */
export function withoutEndTokens(text: string): string {
  let end = text.length;
  for (;;) {
    const rest = text.endsWith("\n", end) ? end - 1 : end;
    const token = endTokens.find((candidate) => text.endsWith(candidate, rest));
    if (token === undefined) return text.slice(0, end);
    end = rest - token.length;
  }
}

/**
 * The completion in `query`, which is prompt and completion decoded together. Where the decoded prompt is not the prompt
 * (image tokens are expanded, a long prompt is cut), the turn is found by counting the prompt's turn markers, so that a
 * marker that the model writes itself changes nothing. Undefined if neither way finds it.
 */
export function completionOf(query: string, prompt: string): string | undefined {
  if (query.startsWith(prompt)) return withoutEndTokens(query.slice(prompt.length));
  for (const marker of turnMarkers) {
    const turns = prompt.split(marker).length - 1;
    if (turns > 0 && prompt.endsWith(marker)) {
      const completion = query.split(marker).slice(turns).join(marker);
      if (query.split(marker).length > turns) return withoutEndTokens(completion);
    }
  }
  return undefined;
}
