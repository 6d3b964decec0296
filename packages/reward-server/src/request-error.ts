/** The fault of a request, in one word that a client can switch on. */
export type RequestErrorCode =
  | "malformed-json"
  | "not-utf8"
  | "wrong-shape"
  | "unscorable"
  | "expressions-unavailable"
  | "too-large"
  | "too-many-items"
  | "unsupported-media-type"
  | "unauthorized"
  | "not-found"
  | "method-not-allowed"
  | "request-timeout"
  | "bad-request"
  | "headers-too-large"
  | "busy"
  | "stopping"
  | "internal";

/** An HTTP response other than 200: the status, and a JSON body `{ error: { code, message, hint, ...details } }`. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly status: number;
  readonly code: RequestErrorCode;
  readonly hint: string;
  /** The offending values: a position, a path, a limit. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: RequestErrorCode,
    message: string,
    hint: string,
    details: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.details = details;
    this.headers = headers;
  }

  /** The body of the response. */
  toJSON(): object {
    return { error: { code: this.code, message: this.message, hint: this.hint, ...this.details } };
  }
}
