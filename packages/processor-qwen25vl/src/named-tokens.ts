/**
 * Tokens that tokenizer_config.json names: in a field `*_token`, in a list or table of further ones, or as special in
 * `added_tokens_decoder`. transformers makes each a special token of the tokenizer, whatever tokenizer.json says of it.
 *
 * @param config - tokenizer_config.json; in a folder without `added_tokens_decoder` with special_tokens_map.json over it.
 * @see transformers v5.12 tokenization_utils_base.py `SPECIAL_TOKENS_ATTRIBUTES`, `_set_model_specific_special_tokens`
 */
export function namedTokens(config: Readonly<Record<string, unknown>>): string[] {
  const { additional_special_tokens: additional, extra_special_tokens: extra, added_tokens_decoder: added } = config;
  const fields = Object.entries(config).flatMap(([field, value]) => (field.endsWith("_token") ? [value] : []));
  const special = valuesOf(added).filter((token) => isTable(token) && token.special === true);
  return [...fields, ...valuesOf(additional), ...valuesOf(extra), ...special].flatMap(contentOf);
}

const isTable = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const valuesOf = (value: unknown): unknown[] => (isTable(value) ? Object.values(value) : []);

function contentOf(token: unknown): string[] {
  const content = isTable(token) ? token.content : token;
  return typeof content === "string" ? [content] : [];
}
