const longest = 300;

/**
 * What a server said, for a message: the text of an error reply, or of a page without its tags; at most 300 characters, without
 * data URLs, long runs of base64, control characters and the secret.
 */
export function excerpt(reply: string, secret?: string): string {
  const text = messageOf(reply)
    .replace(/data:[\w/+.-]+;base64,[\w+/=,-]*/g, "data:…")
    .replace(/[\w+/=-]{200,}/g, "…");
  const hidden = secret ? text.replaceAll(secret, "[key]") : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal would obey them
  const line = hidden.replace(/[\u0000-\u001f\u007f-\u009f\s]+/g, " ").trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

function messageOf(reply: string): string {
  if (/^\s*<(!doctype|html|head|body)/i.test(reply))
    return `a page: ${reply.slice(0, 10_000).replace(/<[^>]*>/g, " ")}`;
  let json: unknown;
  try {
    json = JSON.parse(reply);
  } catch {
    return reply.slice(0, 100_000);
  }
  const said = (json ?? {}) as { error?: { message?: unknown } | string; detail?: unknown; message?: unknown };
  const error = typeof said.error === "object" ? said.error?.message : said.error;
  const found = error ?? said.detail ?? said.message;
  return typeof found === "string" ? found : JSON.stringify(found ?? json).slice(0, 100_000);
}
