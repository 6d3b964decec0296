import { readFileSync } from "node:fs";
import type { ServeOptions } from "./options.ts";
import { serve } from "./serve.ts";

/**
 * `videor1-rewards serve`: runs until SIGTERM or SIGINT, then finishes what is in flight. A second signal ends it at once.
 *
 * @returns 0 if every request in flight was finished, else 1.
 */
export async function runServe({
  tokenFile,
  ...options
}: ServeOptions & { tokenFile?: string | undefined }): Promise<number> {
  const fromFile = tokenFile === undefined ? undefined : readFileSync(tokenFile, "utf8").trim();
  const token = fromFile ?? process.env.VIDEOR1_REWARDS_TOKEN?.trim();
  const log = (line: string): void => console.error(line);
  const server = await serve(options, { token, log });
  console.log(
    `listening on ${server.url}, rules ${options.rules}, ${token === undefined ? "no token" : "token wanted"}`,
  );
  const signal = await firstOf("SIGTERM", "SIGINT");
  log(`${signal}: finishing the requests in flight`);
  const finished = await server.stop();
  log(finished ? "stopped" : `stopped; requests were cut off after ${options.graceSeconds} s`);
  return finished ? 0 : 1;
}

/** Resolves at the first of the signals; the next one has its usual effect. */
function firstOf(...signals: readonly NodeJS.Signals[]): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals): void => {
      for (const name of signals) process.off(name, onSignal);
      resolve(signal);
    };
    for (const name of signals) process.on(name, onSignal);
  });
}
