/** A name that is no path below a folder. */
export class PathError extends Error {
  override readonly name = "PathError";
  readonly code = "PATH_UNSAFE";
  readonly hint =
    "Nothing was written for it. A data set has no need of such names: ask its makers, or rename it there.";

  constructor(name: string, reason: string) {
    super(`${printable(name)}: ${reason}`);
  }
}

/**
 * A name of a file in an archive or a repository, as a path below a folder: its parts joined by "/", without "." and doubled slashes.
 *
 * @param skip - Leading parts that are left out; "" is what remains of a name that has no more than these.
 * @throws {PathError} If the name leads out of the folder, or may do so on some system: it is absolute, has "..", a drive letter, a
 * backslash or a null character; or, on Windows, is one that Windows reserves.
 */
export function relativePath(name: string, { skip = 0, platform = process.platform as string } = {}): string {
  const fault = (reason: string) => new PathError(name, reason);
  if (name.includes("\0")) throw fault("the name holds a null character");
  if (name.includes("\\"))
    throw fault("the name holds a backslash, which is a folder on Windows and a character elsewhere");
  if (name.startsWith("/")) throw fault("the name is absolute");
  if (/^[A-Za-z]:/.test(name)) throw fault("the name begins with a drive letter");
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw fault('the name holds ".."');
  if (parts.length === 0 && !/^(\.?\/)+$|^\.$/.test(name)) throw fault("the name is empty");
  const long = parts.find((part) => Buffer.byteLength(part) > 255);
  if (long !== undefined) throw fault("a part of the name is longer than 255 bytes");
  const reserved = platform === "win32" && parts.find((part) => windowsReserved.test(part));
  if (reserved) throw fault(`Windows reserves the name ${printable(reserved)}`);
  return parts.slice(skip).join("/");
}

const windowsReserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)|[<>:"|?*]|[. ]$/i;

/** A foreign name as it may be shown in a terminal: control characters as escapes, cut at 200 characters. */
export function printable(name: string): string {
  const shown = name.length > 200 ? `${name.slice(0, 199)}…` : name;
  return JSON.stringify(shown).replace(/[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
