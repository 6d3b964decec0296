export const textEncodings = ["utf8", "utf16le", "windows-1252", "latin1"] as const;

/** How a text file is written; `latin1` is another name of `windows-1252`, as in browsers (WHATWG). */
export type TextEncoding = (typeof textEncodings)[number];

/** Windows-1252 from 0x80 to 0x9f, where it differs from Latin 1; the five bytes without a character stay controls. */
const windows =
  "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178";

/** The text of bytes; by hand, because TextDecoder of some releases of Node reads windows-1252 as Latin 1. */
export const decodeText = (bytes: Buffer, encoding: TextEncoding): string =>
  isWindows(encoding)
    ? bytes.toString("latin1").replace(/[\x80-\x9f]/g, (byte) => windows[byte.charCodeAt(0) - 0x80]!)
    : bytes.toString(encoding);

/** Whether a byte is a character, so that chunks of a file can be decoded one by one. */
export const isWindows = (encoding: TextEncoding): encoding is "windows-1252" | "latin1" =>
  encoding === "windows-1252" || encoding === "latin1";
