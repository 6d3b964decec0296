import { excerpt } from "./excerpt.ts";
import type { HttpReply } from "./http-call.ts";
import { retryAfterSeconds } from "./retry-after.ts";
import { ServedModelError, type ServedModelErrorCode } from "./served-model-error.ts";

/** A reply of another status than 200 as an error. */
export function refusalOf({ status, headers, text }: HttpReply, server: string, secret?: string): ServedModelError {
  const said = excerpt(text, secret);
  const retryAfter = retryAfterSeconds(headers["retry-after"], Date.now());
  const error = (code: ServedModelErrorCode, problem: string, hint: string) =>
    new ServedModelError(code, { server, status, problem, said, hint, retryAfter });
  if (status >= 300 && status < 400) {
    const to = URL.canParse(headers.location ?? "") ? new URL(headers.location!).origin : "elsewhere";
    const hint =
      "Give the address that answers itself; a redirect is not followed, so that the key stays with its server.";
    return error("REQUEST_REFUSED", `the server redirects to ${to} (${status})`, hint);
  }
  if (status === 429) {
    if (/insufficient_quota|billing/.test(text)) {
      return error("REQUEST_REFUSED", "the account's quota is used up (429)", "Raise the quota, or use another key.");
    }
    return error("RATE_LIMITED", "too many requests (429)", "Lower concurrency.");
  }
  if (status === 408 || status === 425) return error("SERVER_FAILED", `try again (${status})`, "Raise maxTries.");
  if (status >= 500 || status < 200) {
    return error("SERVER_FAILED", `the server failed (${status})`, "Its own log says why.");
  }
  return error("REQUEST_REFUSED", `the server refuses the request (${status})`, hintOf(status, text));
}

function hintOf(status: number, text: string): string {
  if (status === 401 || status === 403) return "Name the variable that holds the key in apiKeyVariable.";
  if (status === 413) return "Send fewer or smaller frames, or format=jpeg, or raise the server's or proxy's limit.";
  if (/trust-request-mm-kwargs/.test(text)) return "Start vLLM with --trust-request-mm-kwargs.";
  if (/maximum context length|input_tokens/.test(text)) {
    return "Send fewer or smaller frames, or start the server with a larger --max-model-len.";
  }
  if (status === 404) return "Is the model's name one that GET /v1/models lists, and does the address end with /v1?";
  return "The server will refuse this request again; what it says is above.";
}
