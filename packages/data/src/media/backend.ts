import { spawn } from "node:child_process";
import { VideoBackendError } from "../errors.ts";

/** `node-av`: in this process. `ffmpeg`: the command line tools. `auto`: the first of the two that is installed. */
export const videoBackends = ["auto", "node-av", "ffmpeg"] as const;
export type VideoBackend = (typeof videoBackends)[number];

/** FFmpeg's libraries as the package `node-av` binds them. */
export type NodeAv = typeof import("node-av/lib") & typeof import("node-av/constants");

let library: Promise<NodeAv> | undefined;

/** Loads the optional peer dependency `node-av` and silences its log. @throws {VideoBackendError} If it is absent. */
export function loadNodeAv(): Promise<NodeAv> {
  library ??= Promise.all([import("node-av/lib"), import("node-av/constants")]).then(
    ([lib, constants]) => {
      lib.Log.setLevel(constants.AV_LOG_QUIET);
      return { ...constants, ...lib };
    },
    (cause: unknown) => {
      throw new VideoBackendError("node-av", { cause });
    },
  );
  return library;
}

/** Runs `withNodeAv`, or `withFfmpeg` if that is chosen, or if the choice is "auto" and node-av is absent. */
export async function withBackend<T>(
  backend: VideoBackend,
  withNodeAv: (av: NodeAv) => Promise<T>,
  withFfmpeg: () => Promise<T>,
): Promise<T> {
  if (backend === "ffmpeg") return withFfmpeg();
  const av = await loadNodeAv().catch((error: unknown) => {
    if (backend === "node-av") throw error;
  });
  return av ? withNodeAv(av) : withFfmpeg();
}

/**
 * Runs an FFmpeg tool without a shell. `complaints` are the lines of its standard error and a bad exit code.
 *
 * @param input - written to the tool's standard input.
 * @throws {VideoBackendError} If the tool is not installed. @throws The signal's reason, once it is aborted.
 */
export function runTool(
  tool: "ffmpeg" | "ffprobe",
  args: readonly string[],
  signal: AbortSignal,
  input?: Uint8Array,
): Promise<{ stdout: Buffer; complaints: string[] }> {
  return new Promise((resolve, reject) => {
    const child = spawn(tool, args, { signal, killSignal: "SIGKILL" });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on("error", () => {}); // the tool may stop before it has read everything; its exit code tells why
    child.stdin.end(input);
    child.on("error", (cause: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(signal.reason);
      else reject(cause.code === "ENOENT" ? new VideoBackendError(tool, { cause }) : cause);
    });
    child.on("close", (code) => {
      const text = Buffer.concat(stderr).toString("utf8");
      const complaints = text.split("\n").filter((line) => line.trim() !== "");
      if (code !== 0) complaints.push(`${tool} ends with exit code ${code}`);
      resolve({ stdout: Buffer.concat(stdout), complaints });
    });
  });
}
