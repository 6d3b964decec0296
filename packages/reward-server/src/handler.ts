import type { IncomingMessage, ServerResponse } from "node:http";
import { ExpressionsUnavailableError } from "@videor1/rewards/options";
import { authorizer } from "./authorize.ts";
import type { Dialect } from "./dialects/dialect.ts";
import type { Meters } from "./meters.ts";
import type { ServeOptions } from "./options.ts";
import { refuseOtherMedia, refuseTooMany, refuseWhenFull } from "./refuse.ts";
import { ClientGoneError, discardRest, parseJson, readBody } from "./request-body.ts";
import { RequestError } from "./request-error.ts";
import { findRoute, type Target } from "./routes.ts";
import { scoreItems } from "./score-items.ts";
import { loadScoring, type Scoring } from "./scoring.ts";
import type { ServerState } from "./server-state.ts";
import { refuseUnscorable, unscorableTeller, withNulls } from "./unscorable.ts";

export interface HandlerContext {
  options: ServeOptions;
  /** Of the requests that ask for nothing else. */
  scoring: Scoring;
  token: string | undefined;
  state: ServerState;
  meters: Meters;
  log(line: string): void;
}

interface Reply {
  status: number;
  body: string;
  headers: Readonly<Record<string, string>>;
}

const json = { "content-type": "application/json; charset=utf-8" };

/** Creates a handler that responds to every request, a bad one too, with a status and JSON (text for the metrics). */
export function createHandler(
  context: HandlerContext,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { options, state, meters, log } = context;
  const authorize = authorizer(context.token);
  const tellUnscorable = unscorableTeller(log);

  function report({ path }: Target): Reply {
    if (path === "/metrics") {
      return {
        status: 200,
        body: meters.text(),
        headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
      };
    }
    const status = state.stopping ? "stopping" : "ok";
    const body = JSON.stringify({ status, rules: options.rules, inFlight: state.inFlight });
    return { status: state.stopping ? 503 : 200, body, headers: json };
  }

  async function score(
    request: IncomingMessage,
    response: ServerResponse,
    dialect: Dialect,
    query: Target["query"],
  ): Promise<Reply> {
    refuseOtherMedia(request);
    refuseWhenFull(state, options.maxConcurrency);
    state.inFlight++;
    try {
      const start = performance.now();
      const bytes = await readBody(request, options.maxBodyBytes);
      const received = performance.now();
      const body = parseJson(bytes, "The body");
      refuseTooMany(body, options.maxItems);
      const batch = dialect(body, query, { rules: options.rules, problemType: options.problemType });
      const { onUnscorable = options.onUnscorable, ...own } = batch.own;
      const scoring = Object.keys(own).length === 0 ? context.scoring : await loadScoring(options, own);
      const parsed = performance.now();
      const results = await scoreItems(batch.items, scoring, () => response.destroyed);
      if (response.destroyed) throw new ClientGoneError("The client left before its batch was scored.");
      const scored = performance.now();
      meters.items(batch.items, results);
      const milliseconds = {
        receive: rounded(received - start),
        parse: rounded(parsed - received),
        score: rounded(scored - parsed),
      };
      const failed = results.filter(({ rule }) => rule === null).length;
      tellUnscorable(results);
      if (onUnscorable === "refuse") refuseUnscorable(results, batch.pathOf);
      const written = onUnscorable === "null" ? results.map(withNulls) : results;
      const timing = Object.entries(milliseconds).map(([name, value]) => `${name};dur=${value}`);
      return {
        status: 200,
        body: JSON.stringify(batch.write(written, { failed, milliseconds })),
        headers: { ...json, "server-timing": timing.join(", ") },
      };
    } finally {
      state.inFlight--;
    }
  }

  return async (request, response) => {
    const start = performance.now();
    let path = "other";
    let reply: Reply;
    try {
      const target = findRoute(request.method!, request.url!);
      path = target.path;
      if (path !== "/healthz") authorize(request.headers.authorization);
      const { route, query } = target;
      reply = route.method === "GET" ? report(target) : await score(request, response, route.dialect, query);
    } catch (error) {
      if (error instanceof ClientGoneError) return meters.request(path, 499, (performance.now() - start) / 1000);
      reply = errorReply(error, log);
    }
    response.writeHead(reply.status, {
      ...reply.headers,
      "content-length": Buffer.byteLength(reply.body),
      ...(state.stopping ? { connection: "close" } : {}),
    });
    response.end(reply.body);
    discardRest(request, options.maxBodyBytes * 4);
    meters.request(path, reply.status, (performance.now() - start) / 1000);
  };
}

function errorReply(error: unknown, log: (line: string) => void): Reply {
  if (error instanceof RequestError) {
    return { status: error.status, body: JSON.stringify(error), headers: { ...json, ...error.headers } };
  }
  if (error instanceof ExpressionsUnavailableError) {
    return errorReply(new RequestError(422, "expressions-unavailable", error.message, error.hint), log);
  }
  log(`internal error: ${error instanceof Error ? error.stack : String(error)}`);
  const hint = "This is a fault of the server; its log has the details.";
  return errorReply(new RequestError(500, "internal", "The request could not be answered.", hint), log);
}

/** Milliseconds, rounded to whole microseconds. */
const rounded = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;
