import { DataToolError } from "../files/data-tool-error.ts";

/** A failure that may go away: the same request is made again. */
export class PassingError extends Error {
  override readonly name = "PassingError";
  /** When the server asks for patience. */
  readonly afterMs: number | undefined;

  constructor(message: string, { afterMs, cause }: { afterMs?: number | undefined; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.afterMs = afterMs;
  }
}

/** What a request was for, in messages. */
export interface HubRequest {
  /** Such as "Video-R1/Video-R1-data". */
  repo: string;
  revision: string;
  /** A file of it. */
  path?: string;
  hasToken: boolean;
}

/** The error of a reply that is no success: one that passes, or one that only the user can mend. */
export function replyError(response: Response, { repo, revision, path, hasToken }: HubRequest): Error {
  const { status, headers } = response;
  const what = path === undefined ? repo : `${repo}, ${path}`;
  const code = headers.get("x-error-code") ?? "";
  if (status === 429 || status === 408 || status >= 500)
    return new PassingError(`the Hub answers ${status}`, { afterMs: retryAfterMs(headers.get("retry-after")) });
  const login = hasToken
    ? "The token that was sent (HF_TOKEN, or that of `hf auth login`) may not read it."
    : "No token was sent: set HF_TOKEN, or log in by `hf auth login`.";
  if (code === "GatedRepo" || (status === 403 && code !== "RepoNotFound")) {
    const hint = `Ask for access on the page of the data set on the Hub, signed in. ${login}`;
    return new DataToolError("FETCH_GATED", `${what}: access has to be granted (${status})`, hint);
  }
  if (code === "RevisionNotFound") {
    const hint = "Name a branch, a tag or a commit that is there; revision=main is the default.";
    return new DataToolError("FETCH_NOT_FOUND", `${repo} has no revision ${revision}`, hint);
  }
  if (code === "EntryNotFound")
    return new DataToolError("FETCH_NOT_THERE", `${what}: it was listed and is not there`, "Run the command again.");
  if (status === 401 || status === 404 || code === "RepoNotFound") {
    const hint = `Look at its name, and at repoType (dataset or model); a private one looks absent too. ${login}`;
    return new DataToolError(
      "FETCH_NOT_FOUND",
      `${repo}: there is no such repository, or it is private (${status})`,
      hint,
    );
  }
  const hint = "If the address is that of a mirror (HF_ENDPOINT), ask those who keep it.";
  return new DataToolError("FETCH_REFUSED", `${what}: the Hub answers ${status}`, hint);
}

/** Milliseconds of a Retry-After header, in seconds or as a date; at most five minutes. */
export function retryAfterMs(value: string | null, now = Date.now()): number | undefined {
  if (value === null) return undefined;
  const seconds = /^\s*\d+\s*$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isFinite(seconds) ? Math.min(300, Math.max(0, seconds)) * 1000 : undefined;
}
