import type { RunEnd } from "./files/manifest.ts";

/**
 * How a process's work on a run ended. With an error: stopped if it is a signal's reason, else failed. Without one: finished
 * if the run is over, else stopped.
 */
export function runEnd(error: unknown, isOver: boolean): Omit<RunEnd, "at"> {
  if (error === undefined) return { how: isOver ? "finished" : "stopped" };
  if (!(error instanceof Error)) return { how: "failed", message: String(error) };
  if (error.name === "AbortError") return { how: "stopped" };
  const { code } = error as { code?: unknown };
  return { how: "failed", ...(code !== undefined && { code: String(code) }), message: error.message };
}
