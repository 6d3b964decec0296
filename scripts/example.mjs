/** Runs a program of examples/, by its number or its path: npm run example -- 1 */
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = join(import.meta.dirname, "../examples");
const programs = readdirSync(folder).filter((name) => /^\d+-.*\.ts$/.test(name));
const wanted = process.argv[2] ?? "";
const program = programs.find(
  (name) => Number.parseInt(name, 10) === Number(wanted) || join(folder, name) === resolve(wanted),
);
if (program !== undefined) await import(pathToFileURL(join(folder, program)).href);
else {
  const asked = wanted === "" ? "Name an example" : `There is no example ${wanted}`;
  console.error(`${asked}: npm run example -- <number or path>, of\n  ${programs.join("\n  ")}`);
  process.exitCode = 2;
}
