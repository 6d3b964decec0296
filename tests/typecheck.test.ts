/** `npm run typecheck` checks all workspaces as one program, which is ten times faster than each alone, and as strict. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const read = (path: string) => JSON.parse(readFileSync(join(root, path), "utf8"));
const whole = read("tsconfig.all.json");
const workspaces = ["packages", "apps"].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => `${folder}/${name}/tsconfig.json`),
);

test("no workspace has compiler options that the program of all of them lacks", () => {
  expect(workspaces.length).toBeGreaterThan(25);
  for (const path of workspaces) {
    const { extends: base, compilerOptions = {} } = read(path);
    expect({ path, base }).toEqual({ path, base: "../../tsconfig.base.json" });
    expect(whole.compilerOptions, path).toMatchObject(compilerOptions);
  }
});

test("what a workspace includes, the program of all of them does", () => {
  for (const path of workspaces) {
    const [folder] = path.split("/");
    for (const pattern of read(path).include) expect(whole.include, path).toContain(`${folder}/*/${pattern}`);
  }
});
