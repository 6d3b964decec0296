export type ServedModelErrorCode =
  /** The options of a client, or the environment, cannot be used. */
  | "OPTIONS"
  /** No server can be asked this. */
  | "REQUEST_IMPOSSIBLE"
  /** The server will not answer this request: 400, 401, 403, 404 and the like. */
  | "REQUEST_REFUSED"
  /** 429 to the last try. */
  | "RATE_LIMITED"
  /** 500 and the like to the last try. */
  | "SERVER_FAILED"
  /** Connections to the server were refused or broke. */
  | "UNREACHABLE"
  | "TIMED_OUT"
  /** What came is no answer: no JSON, cut short, without a text, ended by the server. */
  | "REPLY_BROKEN"
  /** None of the servers answers, and none came back in time: further requests will not fare better. */
  | "SERVERS_DOWN"
  /** A server answers, but is not set up for what will be asked. */
  | "SERVER_SETUP";

/** A chat server did not give what it was asked for. `said` is what it said, cut short, without media and keys. */
export class ServedModelError extends Error {
  override readonly name = "ServedModelError";
  readonly code: ServedModelErrorCode;
  /** Its address; undefined if no server was asked. */
  readonly server: string | undefined;
  readonly status: number | undefined;
  readonly said: string | undefined;
  /** The pause that the server asked for, in seconds. */
  readonly retryAfter: number | undefined;
  readonly hint: string;

  constructor(
    code: ServedModelErrorCode,
    { problem, hint, server, status, said, retryAfter, cause }: ServedModelFailure,
  ) {
    const where = server === undefined ? "" : `${server}: `;
    super(`${where}${problem}${said ? `: ${said}` : ""}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.server = server;
    this.status = status;
    this.said = said;
    this.retryAfter = retryAfter;
    this.hint = hint;
  }
}

export interface ServedModelFailure {
  problem: string;
  hint: string;
  server?: string | undefined;
  status?: number | undefined;
  said?: string | undefined;
  retryAfter?: number | undefined;
  cause?: unknown;
}
