export interface GlobOptions {
  /** Whether `*` and `?` also stand for "/", as in Python's fnmatch. */
  crossing: boolean;
}

/**
 * A pattern of paths: `*` is any characters, `?` one, `[a-c]` one of these, `[!a-c]` one of the others, and the folders `**` any
 * number of folders, none too. A pattern that ends in "/" is everything below that folder.
 */
export function globPattern(pattern: string, { crossing }: GlobOptions): RegExp {
  const one = crossing ? "." : "[^/]";
  const whole = pattern.endsWith("/") ? `${pattern}**` : pattern;
  const source = whole.replace(
    /(?<=^|\/)\*\*\/|(?<=^|\/)\*\*$|\*+|\?|\[(!?)(\]?[^\]]*)\]|[\\^$.|+(){}[\]]/g,
    (token, not: string | undefined, set: string | undefined) => {
      if (token === "**/") return "(?:.*/)?";
      if (token === "**") return ".*";
      if (token.startsWith("*")) return `${one}*`;
      if (token === "?") return one;
      if (set !== undefined) return `[${not ? "^" : ""}${set.replace(/[\\\]^[]/g, "\\$&")}]`;
      return `\\${token}`;
    },
  );
  try {
    return new RegExp(`^${source}$`, "su");
  } catch {
    return /(?!)/; // an interval that goes backwards, which nothing is in
  }
}

/** The paths that any of `include` fits, all if there is none, and none of `exclude`. */
export function globFilter(include: readonly string[], exclude: readonly string[], options: GlobOptions) {
  const [wanted, unwanted] = [include, exclude].map((list) => list.map((pattern) => globPattern(pattern, options)));
  return (path: string): boolean =>
    (wanted!.length === 0 || wanted!.some((pattern) => pattern.test(path))) &&
    !unwanted!.some((pattern) => pattern.test(path));
}

export const isGlob = (word: string): boolean => /[*?[]/.test(word);
