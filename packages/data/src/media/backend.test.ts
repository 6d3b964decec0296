import { afterEach, describe, expect, test, vi } from "vitest";
import { hasFfmpeg } from "../../test/pictures.ts";
import { VideoBackendError } from "../errors.ts";
import { runTool, withBackend } from "./backend.ts";

vi.mock("node-av/lib", () => {
  throw new Error("Cannot find package 'node-av'");
});
afterEach(() => vi.unstubAllEnvs());

const choose = (backend: "auto" | "node-av" | "ffmpeg") =>
  withBackend(
    backend,
    async () => "node-av",
    async () => "ffmpeg",
  );

describe("without node-av", () => {
  test("auto takes the command line", async () => {
    expect(await choose("auto")).toBe("ffmpeg");
    expect(await choose("ffmpeg")).toBe("ffmpeg");
  });

  test("asking for it is an error that says what to install", async () => {
    const error = await choose("node-av").catch((error: unknown) => error);
    expect(error).toBeInstanceOf(VideoBackendError);
    expect(error).toMatchObject({ backend: "node-av", hint: expect.stringContaining("npm install node-av") });
  });
});

test("without the command line tools", async () => {
  vi.stubEnv("PATH", "/nowhere");
  const run = runTool("ffprobe", [], AbortSignal.timeout(240_000));
  await expect(run).rejects.toMatchObject({ code: "VIDEO_BACKEND_MISSING", backend: "ffprobe" });
});

describe.runIf(hasFfmpeg)("runTool", () => {
  test("an option it does not know is a complaint, not an exception", async () => {
    const { complaints } = await runTool("ffmpeg", ["-v", "error", "-no-such-option"], AbortSignal.timeout(240_000));
    expect(complaints.join("\n")).toContain("no-such-option");
    expect(complaints.at(-1)).toMatch(/exit code [1-9]/);
  });

  test("an endless run is killed with the reason of the signal", async () => {
    const reason = new Error("enough");
    const stop = new AbortController();
    const endless = ["-v", "error", "-f", "lavfi", "-re", "-i", "testsrc2", "-f", "null", "-"];
    const run = runTool("ffmpeg", endless, stop.signal);
    setTimeout(() => stop.abort(reason), 200);
    await expect(run).rejects.toBe(reason);
  });
});
