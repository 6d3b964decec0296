/** The server cannot be started as it is asked to. */
export class ServeError extends Error {
  override readonly name = "ServeError";
  readonly code: "token-required" | "token-unusable" | "address-unavailable";
  readonly host: string;
  readonly port: number;
  readonly hint: string;

  constructor(code: ServeError["code"], host: string, port: number, problem: string, hint: string, cause?: unknown) {
    super(`Cannot listen on ${host}:${port}: ${problem}`, { cause });
    this.code = code;
    this.host = host;
    this.port = port;
    this.hint = hint;
  }
}
