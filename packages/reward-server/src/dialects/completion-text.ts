/** Tokens at the end of a turn, which decoding with `skip_special_tokens=False` leaves in the text. */
const endTokens = [
  "<|im_end|>",
  "<|endoftext|>",
  "<|eot_id|>",
  "<|eom_id|>",
  "<|eot|>",
  "<|end_of_text|>",
  "<|end|>",
  "<|return|>",
  "<|user|>",
  "<|END_OF_TURN_TOKEN|>",
  "<｜end▁of▁sentence｜>",
  "<｜▁pad▁｜>",
  "<|finetune_right_pad_id|>",
  "<end_of_turn>",
  "<eos>",
  "</s>",
  "<pad>",
];

/** The openings of the model's turn in the chat templates of Qwen, Llama, DeepSeek, Gemma, GLM, Phi, Mistral, Kimi and Cohere. */
const turnMarkers = [
  "<|im_start|>assistant\n",
  "<|start_header_id|>assistant<|end_header_id|>\n\n",
  "<|header_start|>assistant<|header_end|>\n\n",
  "<｜Assistant｜>",
  "<start_of_turn>model\n",
  "<|assistant|>",
  "<|im_assistant|>assistant<|im_middle|>",
  "<|CHATBOT_TOKEN|>",
  "[/INST]",
];

/** What stands in a prompt's last turn only if that is not the model's. */
const otherTurn =
  /<\|im_start\|>|<\|im_end\|>|<\|start_header_id\|>|<\|header_start\|>|<\|eot_id\|>|<\|eot\|>|<｜User｜>|<start_of_turn>|<\|(?:im_)?user\|>|<\|USER_TOKEN\|>|\[INST\]/;

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
  const turn = modelTurn(prompt);
  if (turn === undefined) return undefined;
  const pieces = query.split(turn.marker);
  const turns = prompt.split(turn.marker).length - 1;
  if (pieces.length <= turns) return undefined;
  const said = pieces.slice(turns).join(turn.marker);
  return said.startsWith(turn.begun) ? withoutEndTokens(said.slice(turn.begun.length)) : undefined;
}

/**
 * The tags with which a prompt begins the model's turn, and the text behind them: `<think>\n` where it opens the thinking;
 * "" where it opens none. Before the completion, they make the whole that the model was asked for.
 */
export function openedTags(prompt: string): string {
  const plain = otherTurn.test(prompt) ? undefined : /<think>\s*$/.exec(prompt.slice(-100))?.[0];
  const begun = modelTurn(prompt)?.begun ?? plain ?? "";
  const tag = /<think>|<answer>/.exec(begun);
  return tag === null ? "" : begun.slice(tag.index);
}

/** The model's turn that a prompt opens: its marker, and what the prompt writes behind it. */
function modelTurn(prompt: string): { marker: string; begun: string } | undefined {
  for (const marker of turnMarkers) {
    const start = prompt.lastIndexOf(marker);
    if (start < 0) continue;
    const begun = prompt.slice(start + marker.length);
    if (!otherTurn.test(begun)) return { marker, begun };
  }
  return undefined;
}
