import { createReadStream } from "node:fs";

/** Lines of a text file. They end at "\n" only: unlike node:readline, which also cuts at U+2028, legal inside a JSON string. */
export async function* readLines(file: string): AsyncGenerator<string> {
  let rest: string[] = [];
  for await (const chunk of createReadStream(file, { encoding: "utf8" }) as AsyncIterable<string>) {
    const parts = chunk.split("\n");
    rest.push(parts.shift()!);
    if (parts.length === 0) continue;
    yield rest.join("");
    rest = [parts.pop()!];
    yield* parts;
  }
  yield rest.join("");
}
