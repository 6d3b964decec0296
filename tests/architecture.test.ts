import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { circlesOf } from "./architecture/circles.ts";
import {
  filesOf,
  importedPath,
  isForDevelopment,
  manifestOf,
  oursOf,
  packageOf,
  sourcesOf,
  workspaces,
} from "./architecture/workspaces.ts";
import { root } from "./run-cli.ts";

/** The packages that each package imports: the picture in README.md, an arrow a line. Apps may import any package. */
const allowed: Record<string, readonly string[]> = {
  rewards: [],
  statistics: [],
  random: [],
  safetensors: [],
  launch: [],
  engine: ["safetensors"],
  tgrpo: ["statistics"],
  runs: ["rewards", "safetensors"],
  cli: ["launch", "random", "runs"],
  train: ["engine", "launch", "runs", "safetensors"],
  "processor-qwen25vl": [],
  "model-qwen25vl": ["engine", "random", "safetensors"],
  data: ["random", "rewards"],
  curation: ["data", "random", "rewards"],
  plan: ["data", "engine", "model-qwen25vl", "train"],
  eval: ["data", "rewards", "runs", "statistics"],
  "reward-server": ["rewards"],
  "served-model": ["processor-qwen25vl"],
  "tfjs-backend-torch": [],
  report: ["cli", "data", "eval", "rewards", "runs", "safetensors", "statistics", "tgrpo"],
};

/** The apps that each app imports. An app that is not named here imports none. */
const appsOfApps: Record<string, readonly string[]> = {
  ablation: ["bench", "miniature", "rl", "sft"],
  miniature: ["bench", "data-tools", "rl", "sft"],
};

/** Imports that leave their workspace by path. */
const escapes: readonly { from: string; to: string; reason: string }[] = [
  {
    from: "apps/gpu-check/src/stages/",
    to: "packages/model-qwen25vl/",
    reason: "packs the model's tests against recorded values, which no package exports",
  },
];

const nameOf = (workspace: string): string => workspace.slice(workspace.indexOf("/") + 1);
const isApp = (workspace: string): boolean => workspace.startsWith("apps/");
const tools = Object.keys(manifestOf(".").devDependencies ?? {});

test("the tables name every package, and only apps that there are", () => {
  const names = (kind: string) => workspaces.filter((workspace) => workspace.startsWith(kind)).map(nameOf);
  expect(Object.keys(allowed).sort()).toEqual(names("packages/").sort());
  const apps = Object.entries(appsOfApps).flatMap(([app, others]) => [app, ...others]);
  expect(apps.filter((app) => !names("apps/").includes(app))).toEqual([]);
});

test("the picture in README.md is the table", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const arrows = [...readme.matchAll(/^([a-z0-9-]+) +→ (.+)$/gm)].map(
    ([, from, to]) => [from!, to!.split(", ").sort()] as const,
  );
  const expected = { ...allowed, ...appsOfApps };
  const drawn = Object.entries(expected).filter(([, to]) => to.length > 0);
  expect(Object.fromEntries(arrows)).toEqual(Object.fromEntries(drawn.map(([from, to]) => [from, [...to].sort()])));
});

test("no circle of workspaces, those that only tests and benches need included", () => {
  const graph = Object.fromEntries(
    workspaces.map((workspace) => {
      const { dependencies, peerDependencies, devDependencies } = manifestOf(workspace);
      return [nameOf(workspace), oursOf({ ...dependencies, ...peerDependencies, ...devDependencies })];
    }),
  );
  expect(circlesOf(graph)).toEqual([]);
});

describe.each(workspaces)("%s", (workspace) => {
  const { name, dependencies, peerDependencies, devDependencies = {} } = manifestOf(workspace);
  const declared = { ...dependencies, ...peerDependencies };
  const sources = sourcesOf(workspace);
  const arrows = sources.flatMap(({ path, modules }) => modules.map((module) => ({ path, module })));

  test("depends on the workspaces of the table, no other", () => {
    const ours = oursOf(declared);
    const apps = workspaces.filter(isApp).map(nameOf);
    if (isApp(workspace)) {
      const ofApps = ours.filter((other) => apps.includes(other));
      expect(ofApps.sort()).toEqual([...(appsOfApps[nameOf(workspace)] ?? [])].sort());
    } else expect(ours.sort()).toEqual([...allowed[nameOf(workspace)]!].sort());
    const forTests = oursOf(devDependencies).filter((other) => apps.includes(other));
    expect(forTests, "apps among devDependencies").toEqual([]);
  });

  test("imports only what its package.json names", () => {
    const strangers = arrows.flatMap(({ path, module }) => {
      const dependency = packageOf(module);
      if (dependency === undefined || dependency === name || dependency in declared) return [];
      const forDevelopment = dependency in devDependencies || tools.includes(dependency);
      return forDevelopment && isForDevelopment(workspace, path) ? [] : [`${path} imports ${dependency}`];
    });
    expect(strangers).toEqual([]);
  });

  test("imports every one of ours that its package.json names", () => {
    const imported = (paths: (path: string) => boolean) =>
      new Set(arrows.filter(({ path }) => paths(path)).map(({ module }) => packageOf(module)));
    const [anywhere, shipped] = [imported(() => true), imported((path) => !isForDevelopment(workspace, path))];
    const idle = [
      ...oursOf(declared).filter((other) => !shipped.has(`@videor1/${other}`)),
      ...oursOf(devDependencies).filter((other) => !anywhere.has(`@videor1/${other}`)),
    ];
    expect(idle).toEqual([]);
  });

  test("no import leaves the workspace by path", () => {
    const escaping = arrows.flatMap(({ path, module }) => {
      const to = importedPath(path, module);
      if (to === undefined || to.startsWith(`${workspace}/`)) return [];
      const isKnown = escapes.some((known) => path.startsWith(known.from) && to.startsWith(known.to));
      return isKnown ? [] : [`${path} imports ${to}`];
    });
    expect(escaping).toEqual([]);
  });

  test("no circle of files, those of types included", () => {
    const graph = Object.fromEntries(
      sources.map(({ path, modules }) => [path, modules.flatMap((module) => importedPath(path, module) ?? [])]),
    );
    expect(circlesOf(graph)).toEqual([]);
  });
});

test("no file is longer than 250 lines without a reason in its first ones", () => {
  const files = ["packages", "apps", "scripts", "tests", "examples"].filter((folder) => existsSync(join(root, folder)));
  const long = files.flatMap(filesOf).filter((path) => {
    if (!/\.(ts|mjs|cc|h|py)$/.test(path)) return false;
    const lines = readFileSync(join(root, path), "utf8").trimEnd().split("\n");
    const reason = lines.slice(0, 10).some((line) => line.includes("longer than 250 lines because"));
    return lines.length > 250 && !reason;
  });
  expect(long).toEqual([]);
});
