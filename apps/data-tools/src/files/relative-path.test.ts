import { describe, expect, test } from "vitest";
import { printable, relativePath } from "./relative-path.ts";

test.each([
  ["a/b.mp4", "a/b.mp4"],
  ["./a//b/./c", "a/b/c"],
  ["a/", "a"],
  [".", ""],
  ["./", ""],
  ["..a/b..", "..a/b.."],
  ["con/a:b?", "con/a:b?"],
  ["名/é ", "名/é "],
])("%s is %s", (name, path) => {
  expect(relativePath(name, { platform: "linux" })).toBe(path);
});

test.each(["", "/a", "../a", "a/..", "a/../b", "c:a", "C:/a", "a\\b", "a\0", "x".repeat(256)])(
  "%j is refused",
  (name) => {
    expect(() => relativePath(name)).toThrow(expect.objectContaining({ code: "PATH_UNSAFE" }));
  },
);

test("leading parts are left out", () => {
  expect(relativePath("./top/a/b", { skip: 1 })).toBe("a/b");
  expect(relativePath("top", { skip: 1 })).toBe("");
  expect(() => relativePath("../a", { skip: 1 })).toThrow("holds");
});

describe("on Windows", () => {
  test.each(["aux", "a/NUL.txt", "com1", "a.", "b /c", "ab:c", "x?", 'q"'])("%j is refused", (name) => {
    expect(() => relativePath(name, { platform: "win32" })).toThrow("Windows reserves the name");
  });
  test.each(["auxiliary", "console/a", "com", ".a"])("%j is taken", (name) => {
    expect(relativePath(name, { platform: "win32" })).toBe(name);
  });
});

test("a foreign name is shown without what a terminal would obey", () => {
  expect(printable("a\u001b[31m\u202eb\u0085")).toBe('"a\\u001b[31m\\u202eb\\u0085"');
  expect(printable("x".repeat(500))).toHaveLength(202);
});
