import { batch } from "./dialects/batch.ts";
import type { Dialect } from "./dialects/dialect.ts";
import { openrlhf } from "./dialects/openrlhf.ts";
import { slime, slimeDetails } from "./dialects/slime.ts";
import { RequestError } from "./request-error.ts";

/** The action of a path: report, or score in a trainer's format. */
export type Route = { method: "GET"; report: "health" | "metrics" } | { method: "POST"; dialect: Dialect };

const routes: Readonly<Record<string, Route>> = {
  "/healthz": { method: "GET", report: "health" },
  "/metrics": { method: "GET", report: "metrics" },
  "/v1/score": { method: "POST", dialect: batch },
  "/get_reward": { method: "POST", dialect: openrlhf },
  "/slime": { method: "POST", dialect: slime },
  "/slime/details": { method: "POST", dialect: slimeDetails },
};

export interface Target {
  path: string;
  query: Readonly<Record<string, string>>;
  route: Route;
}

/**
 * Finds the route of a request line.
 *
 * @throws {RequestError} 404 for an unknown path, 405 for a known path's wrong method.
 */
export function findRoute(method: string, url: string): Target {
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? {} : Object.fromEntries(new URLSearchParams(url.slice(mark + 1)));
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (route === undefined) {
    const known = Object.entries(routes).map(([known, { method }]) => `${method} ${known}`);
    throw new RequestError(
      404,
      "not-found",
      `There is no ${path.slice(0, 100)} here.`,
      `There are: ${known.join(", ")}.`,
    );
  }
  if (method !== route.method && !(method === "HEAD" && route.method === "GET")) {
    const allow = route.method === "GET" ? "GET, HEAD" : "POST";
    const hint = `Send ${route.method} to ${path}.`;
    throw new RequestError(405, "method-not-allowed", `${path} does not take ${method}.`, hint, {}, { allow });
  }
  return { path, query, route };
}
