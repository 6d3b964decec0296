/** Settings that are mostly given as one word or a list of words: what they stand for. */
const shorthands: Readonly<Record<string, (words: readonly string[]) => string>> = {
  data: ([folder]) => `data.folder=${folder}`,
  server: (urls) => `server.urls=${JSON.stringify(urls)}`,
  benchmark: (names) => `benchmark=${listOf(names)}`,
  compare: (orders) => `compare=${JSON.stringify(orders)}`,
  scorers: (names) => `scorers=${JSON.stringify(names)}`,
  tasks: (tasks) => `tasks=${JSON.stringify(tasks)}`,
};

const listOf = (words: readonly string[]): string => (words.length === 1 ? words[0]! : JSON.stringify(words));

/**
 * Command-line arguments with the short forms of bench written out: `data=FOLDER` is `data.folder=FOLDER`, `server=URL,URL` a
 * list of addresses, `benchmark=mmvu,mvbench` a list. A value in YAML's brackets or braces, or in quotes, stays as it is.
 */
export const expandShorthands = (argv: readonly string[]): string[] =>
  argv.map((argument) => {
    if (argument.startsWith("--emit-batch=")) return `emitBatch=${argument.slice("--emit-batch=".length)}`;
    const [, key = "", value = ""] = /^(\w+)=(.*)$/s.exec(argument) ?? [];
    const expand = Object.hasOwn(shorthands, key) ? shorthands[key] : undefined;
    if (expand === undefined || /^\s*([[{"'&*|>]|$)/.test(value)) return argument;
    return expand(key === "data" ? [value] : value.split(",").map((word) => word.trim()));
  });
