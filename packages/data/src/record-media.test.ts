import { expect, test } from "vitest";
import { recordMedia } from "./record-media.ts";

const mediaOf = (record: object) => {
  const found = recordMedia({ problem: "?", ...record });
  return "media" in found ? found : expect.unreachable(JSON.stringify(found));
};
const faultsOf = (record: object) => {
  const found = recordMedia({ problem: "?", ...record });
  return "faults" in found ? found.faults.map(({ field, message }) => `${field}: ${message}`) : [];
};

test("a path of the kind that data_type names; of images also several", () => {
  expect(mediaOf({ data_type: "video", path: "v.mp4" }).media).toEqual([{ kind: "video", path: "v.mp4" }]);
  expect(mediaOf({ data_type: "image", path: ["a.png", "b.png"], max_pixels: 5000 }).media).toEqual([
    { kind: "image", path: "a.png", maxPixels: 5000 },
    { kind: "image", path: "b.png", maxPixels: 5000 },
  ]);
});

test("lists of images and of videos, images first; any video makes it a video record", () => {
  const lists = { images: ["a.png"], videos: ["v.mp4", ["1.jpg", "2.jpg"]] };
  expect(mediaOf(lists)).toEqual({
    dataType: "video",
    media: [
      { kind: "image", path: "a.png" },
      { kind: "video", path: "v.mp4" },
      { kind: "video", path: ["1.jpg", "2.jpg"] },
    ],
  });
  expect(mediaOf({ images: ["a.png"], videos: [], path: null })).toMatchObject({ dataType: "image" });
  expect(mediaOf({ data_type: "video", path: "v.mp4", images: [], videos: null })).toMatchObject({ dataType: "video" });
});

test("an entry's own choices go before the record's; a rate replaces a count, and the reverse", () => {
  const videos = ["a.mp4", { video: "b.mp4", fps: 1 }, { video: "c.mp4", video_start: 2, nframes: 4 }];
  expect(mediaOf({ videos, nframes: 8, video_start: 1 }).media).toEqual([
    { kind: "video", path: "a.mp4", nframes: 8, videoStart: 1 },
    { kind: "video", path: "b.mp4", fps: 1, videoStart: 1 },
    { kind: "video", path: "c.mp4", nframes: 4, videoStart: 2 },
  ]);
  expect(mediaOf({ videos: [{ video: "a.mp4", nframes: 4 }], fps: 2, min_frames: 4 }).media).toEqual([
    { kind: "video", path: "a.mp4", nframes: 4 },
  ]);
});

test("a list of frames keeps their times; of a file the field means nothing", () => {
  const times = { timestamps: [0, 2.5] };
  expect(mediaOf({ data_type: "video", path: ["1", "2"], ...times }).media).toEqual([
    { kind: "video", path: ["1", "2"], ...times },
  ]);
  expect(mediaOf({ data_type: "video", path: "v.mp4", timestamps: "any" }).media).toEqual([
    { kind: "video", path: "v.mp4" },
  ]);
});

test("tags in the problem are places only where media are listed", () => {
  const listed = mediaOf({ problem: "<video>Is <image> in it, or <image>?", images: ["a", "b"], videos: ["v"] });
  expect(listed.media.map(({ kind, tagged }) => [kind, tagged])).toEqual([
    ["image", true],
    ["image", true],
    ["video", true],
  ]);
  expect(mediaOf({ problem: "<video>", data_type: "video", path: "v" }).media).toEqual([{ kind: "video", path: "v" }]);
});

test.each<[object, string]>([
  [{}, "data_type: must be image or video, beside path"],
  [{ data_type: "video" }, "path: names no file; nor do images and videos"],
  [{ data_type: "video", path: "v", videos: ["v"] }, "path: name the media here or in images and videos, not both"],
  [{ data_type: "image", videos: ["v"] }, "data_type: is image, where the media make it video"],
  [{ data_type: "video", images: ["a"] }, "data_type: is video, where the media make it image"],
  [{ images: [["a", "b"]] }, "images.0: must be a path, or an object with one as image"],
  [{ videos: ["v", { image: "a" }] }, "videos.1: must be a path, or an object with one as video"],
  [{ videos: [{ video: "v", nframes: 1 }] }, "videos.0.nframes: Too small: expected number to be >=2"],
  [{ videos: [["1.jpg"]], nframes: 4 }, "videos.0.nframes: a list of frames is taken whole"],
  [{ data_type: "video", path: ["1", "2"], timestamps: [0] }, "timestamps: 1 times for 2 frames"],
  [{ data_type: "video", path: ["1", "2"], timestamps: [1, 1] }, "timestamps: must ascend from frame to frame"],
  [{ videos: [["1"]], timestamps: "0 s" }, "videos.0.timestamps: must be a list of seconds"],
  [{ videos: [["1"]], timestamps: [0], sample_fps: 2 }, "videos.0.sample_fps: the timestamps give the rate"],
  [{ problem: "<image>", images: ["a", "b"] }, "problem: holds the tag <image> 1 times, for 2 in images"],
  [{ problem: "<image>", videos: ["v"] }, "problem: holds the tag <image> 1 times, for 0 in images"],
])("%j", (record, message) => {
  expect(faultsOf(record)[0]).toContain(message);
});
