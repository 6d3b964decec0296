import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { meanDifference, movingPictures } from "../../test/pictures.ts";
import { DecodeError } from "../errors.ts";
import { decodeImage } from "./decode-image.ts";

const golden = new URL("../../test/golden/images/", import.meta.url).pathname;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "videor1-image-"));
});
afterAll(() => rm(folder, { recursive: true }));

const height = 20;
const width = 30;
const rgb = movingPictures(1, height, width);
const picture = () => sharp(rgb, { raw: { width, height, channels: 3 } });

async function decoded(name: string, image: Sharp) {
  const path = join(folder, name);
  await writeFile(path, await image.toBuffer());
  return decodeImage(path);
}

// Pixels by Pillow 13.0.0; RGBA by qwen-vl-utils' `to_rgb`.
describe("every byte as Pillow", () => {
  test.each(["rgb_20x20", "l_60x90", "la_40x40", "p_50x70", "rgba_64x64"])("%s", async (name) => {
    const clip = await decodeImage(join(golden, `${name}.png`));
    const [rows, columns] = name.split("_")[1]!.split("x").map(Number);
    expect(clip).toMatchObject({ frames: 1, height: rows, width: columns, kind: "image" });
    expect(Buffer.from(clip.rgb).equals(gunzipSync(await readFile(join(golden, `${name}.rgb.gz`))))).toBe(true);
  });
});

// First 64 bits of the SHA-256 of Pillow 13.0.0's pixels, by `to_rgb`.
describe("colour spaces and transparency, every byte as Pillow", () => {
  test.each([
    ["cmyk.jpg", "59cb4a3518b2a5e5"],
    ["solid-black.jpg", "5d89f056865052bc"],
    ["cmyk.tiff", "59cb4a3518b2a5e5"],
    ["rgb-trns.png", "1473c81456e58bb2"],
    ["text-white-transparent.gif", "47da83165b945df4"],
    ["la16.png", "ad4864e643efcad3"],
    ["small-frame.gif", "7ac446b6cdec4f5f"],
  ])("%s", async (name, expected) => {
    const { rgb } = await decodeImage(new URL(`../../test/golden/cases/${name}`, import.meta.url).pathname);
    expect(createHash("sha256").update(rgb).digest("hex").slice(0, 16)).toBe(expected);
  });
});

test("the EXIF orientation is applied", async () => {
  const clip = await decoded("turned.png", picture().withMetadata({ orientation: 6 }).png());
  const turned = await picture().rotate(90).raw().toBuffer();
  expect(clip).toMatchObject({ height: width, width: height });
  expect(Buffer.from(clip.rgb).equals(turned)).toBe(true);
});

test("an embedded colour profile is not applied", async () => {
  const image = await picture().withIccProfile("p3", { attach: true }).png().toBuffer();
  const stored = await sharp(image, { ignoreIcc: true }).raw().toBuffer();
  expect(meanDifference(rgb, stored)).toBeGreaterThan(1); // withIccProfile converts into the profile: a real difference
  const clip = await decoded("profile.png", sharp(image, { ignoreIcc: true }).keepIccProfile().png());
  expect(Buffer.from(clip.rgb).equals(stored)).toBe(true);
});

test.each(["jpeg", "webp", "tiff", "gif"] as const)("%s is read", async (format) => {
  const clip = await decoded(`image.${format}`, picture().toFormat(format));
  expect(clip).toMatchObject({ height, width });
  expect(meanDifference(clip.rgb, rgb)).toBeLessThan(8);
});

describe("a bad file is an error that names it", () => {
  test.each([
    ["text", async () => Buffer.from("not an image")],
    ["empty", async () => Buffer.alloc(0)],
    ["drawing.svg", async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="x.png"/></svg>')],
    ["cut.jpg", async () => (await picture().jpeg().toBuffer()).subarray(0, 400)],
    ["cut.png", async () => (await picture().png().toBuffer()).subarray(0, 200)],
  ])("%s", async (name, make) => {
    const path = join(folder, name);
    await writeFile(path, await make());
    const error = await decodeImage(path).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(DecodeError);
    expect(error).toMatchObject({ code: "DECODE_FAILED", path, message: expect.stringContaining(path) });
  });

  test("absent", async () => {
    await expect(decodeImage(join(folder, "absent.png"))).rejects.toBeInstanceOf(DecodeError);
  });
});
