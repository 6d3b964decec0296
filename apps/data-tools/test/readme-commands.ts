/** A command of a document: its words, as a shell reads them. */
export type DocumentedCommand = readonly string[];

/** The lines of a document's `sh` blocks that begin with `name`, lines that end in a backslash joined, comments left out. */
export function documentedCommands(markdown: string, name: string): DocumentedCommand[] {
  const blocks = [...markdown.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block!);
  return blocks
    .flatMap((block) => block.replace(/\\\n\s*/g, "").split("\n"))
    .map(shellWords)
    .filter(([first]) => first === name)
    .map((words) => words.slice(1));
}

/** Words of a line: quotes join what is between them, and a word that begins with # ends it. */
function shellWords(line: string): string[] {
  const words = [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word);
  const comment = words.findIndex((word) => word.startsWith("#"));
  return (comment < 0 ? words : words.slice(0, comment)).map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}
