import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { RequestError } from "./request-error.ts";

/** The error of bytes that never became a request: too slow, with too long headers, or not HTTP. */
export function brokenRequestError(error: NodeJS.ErrnoException): RequestError {
  switch (error.code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new RequestError(408, "request-timeout", "The request did not arrive in time.", "Send it without pauses.");
    case "HPE_HEADER_OVERFLOW":
      return new RequestError(431, "headers-too-large", "The headers are too long.", "Send at most 16 kB of headers.");
    default:
      return new RequestError(400, "bad-request", `This is not HTTP/1.1: ${error.message}.`, "Send a valid request.");
  }
}

/** Writes the response of an error to a socket without a response object, and closes it. */
export function respondOnSocket(socket: Socket, error: RequestError): void {
  const body = JSON.stringify(error);
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
