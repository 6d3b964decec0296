import { ServedModelError } from "./served-model-error.ts";

/** Where a server's routes are: the OpenAI ones below `base`, the server's own ones (/health, /tokenize) below `root`. */
export interface ServerUrl {
  base: string;
  root: string;
}

/**
 * `http://127.0.0.1:8000/v1` -> base the same, root without `/v1`; an address without a path means `/v1`.
 *
 * @throws {ServedModelError} OPTIONS, if it is no http or https address, or holds a password, a query or a fragment.
 */
export function serverUrl(text: string): ServerUrl {
  const refuse = (problem: string): never => {
    const hint = "Give the address as the server has it, e.g. http://127.0.0.1:8000/v1; a key goes into apiKey.";
    throw new ServedModelError("OPTIONS", { problem: `A server's address ${problem}`, hint });
  };
  if (!URL.canParse(text)) return refuse(`must be a URL, not ${JSON.stringify(text)}`);
  const { protocol, host, pathname, username, password, search, hash } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:") refuse(`begins with http: or https:, not ${protocol}`);
  if (username !== "" || password !== "") refuse(`(of ${host}) holds no user and no password`);
  if (search !== "" || hash !== "") refuse(`(of ${host}) ends with its path, without "?" and "#"`);
  const path = pathname.replace(/\/+$/, "") || "/v1";
  const base = `${protocol}//${host}${path}`;
  return { base, root: base.replace(/\/v1$/, "") };
}
