import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resolveMedia, resolveVideo } from "./resolve.ts";

let folder: string;
let root: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "videor1-resolve-"));
  root = join(folder, "media");
  await mkdir(join(root, "CLEVRER"), { recursive: true });
  await mkdir(join(folder, "media-other"));
  for (const path of ["media/CLEVRER/..a b.mp4", "media/b.png", "secret.mp4", "media-other/x.mp4"]) {
    await writeFile(join(folder, path), "x");
  }
  await symlink(join(folder, "secret.mp4"), join(root, "leak.mp4"));
  await symlink(folder, join(root, "leak"));
  await symlink(join(root, "b.png"), join(root, "inner.png"));
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ["./CLEVRER/..a b.mp4", "CLEVRER/..a b.mp4"],
  ["CLEVRER/../b.png", "b.png"],
  ["./inner.png", "b.png"],
])("%s is found", async (path, expected) => {
  expect(await resolveMedia(root, path)).toBe(join(root, expected));
});

test.each([
  "../secret.mp4",
  "./CLEVRER/../../secret.mp4",
  "../media-other/x.mp4",
  "/etc/passwd",
  "./leak.mp4",
  "./leak/secret.mp4",
  "b.png\0.mp4",
])("%j never leaves the root", async (path) => {
  await expect(resolveMedia(root, path)).rejects.toMatchObject({ code: "MEDIA_OUTSIDE_ROOT", path, root });
});

test.each(["./absent.mp4", "./CLEVRER", "."])("%s is not a file", async (path) => {
  await expect(resolveMedia(root, path)).rejects.toMatchObject({ name: "MediaNotFoundError", code: "MEDIA_NOT_FOUND" });
});

test("the hint names the root", async () => {
  await expect(resolveMedia(root, "./absent.mp4")).rejects.toMatchObject({ hint: expect.stringContaining(root) });
});

test("a folder of frames: images in natural order, links followed inside the root alone", async () => {
  await mkdir(join(root, "frames"));
  for (const name of ["10.jpg", "9.JPEG", "a.png", "x.txt", ".hidden.png"])
    await writeFile(join(root, "frames", name), "x");
  await symlink(join(root, "b.png"), join(root, "frames/11.png"));
  const frames = ["frames/9.JPEG", "frames/10.jpg", "b.png", "frames/a.png"].map((path) => join(root, path));
  expect(await resolveVideo(root, "./frames")).toEqual(frames);
  expect(await resolveVideo(root, ["b.png", "frames/a.png"])).toEqual([
    join(root, "b.png"),
    join(root, "frames/a.png"),
  ]);
  expect(await resolveVideo(root, "b.png")).toBe(join(root, "b.png"));
  await symlink(join(folder, "secret.mp4"), join(root, "frames/12.png"));
  for (const path of ["frames", "leak", ["b.png", "../secret.mp4"]])
    await expect(resolveVideo(root, path)).rejects.toMatchObject({ code: "MEDIA_OUTSIDE_ROOT" });
  await expect(resolveVideo(root, "CLEVRER")).rejects.toMatchObject({ reason: "the folder holds no images" });
});
