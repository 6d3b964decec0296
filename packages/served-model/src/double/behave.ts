import type { ServerResponse } from "node:http";
import type { Misbehaviour } from "./misbehaviour.ts";
import { type DoubleReply, replyBody, replyEvents } from "./reply.ts";
import { sendError } from "./send-error.ts";

/** Answers a request as its fate is, or well. */
export function behave(fate: Misbehaviour | undefined, reply: DoubleReply, response: ServerResponse): void {
  const isStream = reply.request.stream === true;
  const type = { "content-type": isStream ? "text/event-stream" : "application/json" };
  const whole = isStream ? replyEvents(reply) : JSON.stringify(replyBody(reply));
  const half = whole.slice(0, whole.length / 2);
  switch (fate) {
    case undefined:
      response.writeHead(200, type).end(whole);
      break;
    case "rate-limit":
      response.setHeader("retry-after", "0");
      sendError(response, 429, "Too many requests", null);
      break;
    case "fail":
      sendError(response, 500, "Internal server error", null);
      break;
    case "unavailable":
      sendError(response, 503, "Not yet", null);
      break;
    case "refuse-page":
      response.writeHead(502, { "content-type": "text/html" }).end("<html><h1>Bad Gateway</h1></html>");
      break;
    case "page":
      response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><p>Sign in</p>");
      break;
    case "hang":
      break;
    case "stall":
      response.writeHead(200, type).write(half);
      break;
    case "cut":
      response.writeHead(200, { ...type, "content-length": Buffer.byteLength(whole) });
      response.write(half, () => response.destroy());
      break;
    case "close":
      response.destroy();
      break;
    case "half-json":
      response.writeHead(200, type).end(half);
      break;
    default:
      response.writeHead(200, { "content-type": "application/json" }).end(brokenBody(fate, reply));
  }
}

function brokenBody(fate: Misbehaviour, reply: DoubleReply): string {
  const body = replyBody(reply);
  const [first] = body.choices;
  if (fate === "no-choices") return JSON.stringify({ ...body, choices: undefined });
  if (fate === "wrong-index") first!.index = 7;
  if (fate === "null-content") first!.message.content = null;
  if (fate === "abort") first!.finish_reason = "abort";
  return JSON.stringify(body);
}
