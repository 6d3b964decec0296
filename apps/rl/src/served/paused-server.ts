import { ServedModelError, type ServerControl } from "@videor1/served-model";

type Look = Pick<ServerControl, "server" | "isPaused">;

/**
 * What keeps a server from answering in time, where it can be told: that it is paused. Any other error is returned as it is.
 *
 * @param look - The server, for calls that end soon.
 */
export async function reasonOfTimeOut<E>(error: E, look: Look): Promise<E | ServedModelError> {
  if (!(error instanceof ServedModelError) || error.code !== "TIMED_OUT") return error;
  return (await pausedError(look, error)) ?? error;
}

/** The error that a server is paused, if it is. */
export async function pausedError(look: Look, cause?: unknown): Promise<ServedModelError | undefined> {
  const isPaused = await look.isPaused().catch(() => false); // it may not have that route
  if (!isPaused) return undefined;
  const root = look.server.replace(/\/v1$/, "");
  return new ServedModelError("TIMED_OUT", {
    server: look.server,
    problem: "the server is paused, and answers nothing until it is resumed",
    hint: `Another program has paused it, or a run that ended while it gave weights: curl -X POST ${root}/resume, if none is at it.`,
    cause,
  });
}
