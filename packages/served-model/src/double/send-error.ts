import type { ServerResponse } from "node:http";

/** An error in the form of OpenAI's servers. */
export function sendError(response: ServerResponse, code: number, message: string, param: string | null): void {
  const error = { message, type: code === 404 ? "NotFoundError" : "Error", param, code };
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify({ error }));
}
