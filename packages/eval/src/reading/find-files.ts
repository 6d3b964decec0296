import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { OfficialFile } from "../official-file.ts";

/** One official file on disk: its name among the names of the file, and the parts that it comes in. */
export interface FoundFile {
  file: OfficialFile;
  name: string;
  parts: readonly string[];
}

/** The folder itself, then those in it: a download may hold a repository one level deeper. */
export async function baseFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const inside = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name);
  return [folder, ...inside.sort().map((name) => join(folder, name))];
}

/** The official files that a folder holds. */
export async function filesIn(base: string, files: readonly OfficialFile[]): Promise<FoundFile[]> {
  const found = await Promise.all(
    files.map(async (file): Promise<FoundFile | undefined> => {
      for (const name of file.names) {
        const parts = await partsOf(base, name);
        if (parts.length > 0) return { file, name, parts };
      }
      return undefined;
    }),
  );
  return found.filter((each) => each !== undefined);
}

const shard = /-(\d{5})-of-(\d{5})\.parquet$/;

/** The file, or of a table all its parts, which the Hub names `test-00000-of-00003.parquet`; none if it is not there whole. */
async function partsOf(base: string, name: string): Promise<string[]> {
  const file = join(base, name);
  if (await isFile(file)) return [file];
  if (!name.endsWith(".parquet")) return [];
  const stem = name.replace(shard, ".parquet").slice(0, -".parquet".length);
  const [folder, prefix] = splitPath(stem);
  const names = await readdir(join(base, folder)).catch(() => []);
  const parts = names.filter((each) => each.startsWith(prefix) && shard.exec(each)?.index === prefix.length).sort();
  const whole = parts.length > 0 && Number(shard.exec(parts[0]!)![2]) === parts.length;
  if (whole) return parts.map((part) => join(base, folder, part));
  const plain = join(base, `${stem}.parquet`);
  return parts.length === 0 && (await isFile(plain)) ? [plain] : [];
}

function splitPath(path: string): [folder: string, name: string] {
  const cut = path.lastIndexOf("/") + 1;
  return [path.slice(0, cut), path.slice(cut)];
}

const isFile = async (path: string): Promise<boolean> =>
  await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
