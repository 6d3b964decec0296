// The package as others install it: from the tarball, into an empty project.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RewardGolden, readGolden } from "./golden.ts";
import { addPeer, type Installed, installPacked } from "./installed.ts";

const repository = join(import.meta.dirname, "../../..");
const bin = (name: string): string => join(repository, "node_modules/.bin", name);

let installed: Installed;
beforeAll(() => {
  installed = installPacked();
});
afterAll(() => rmSync(installed.folder, { recursive: true, force: true }));

function run(file: string, ...args: string[]): string {
  const env = { ...process.env, NO_COLOR: "1" };
  const { status, stdout, stderr } = spawnSync(file, args, { cwd: installed.folder, encoding: "utf8", env });
  if (status !== 0) throw new Error(`${file} ${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/** Writes a file into the project and runs it in Node. */
function runNode(name: string, code: string): string {
  writeFileSync(join(installed.folder, name), code);
  return run(process.execPath, name).trim();
}

/** The entry point as one file for browsers, with everything it imports. */
async function bundle(contents: string, minify = false): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: installed.folder },
    bundle: true,
    write: false,
    minify,
    platform: "browser",
    format: "iife",
  });
  return outputFiles[0]!.text;
}

describe("what is packed", () => {
  test("no tests, and no more than one dependency", () => {
    const files = readdirSync(join(installed.folder, "node_modules/@videor1/rewards"), { recursive: true });
    expect(files).toEqual(expect.arrayContaining(["README.md", "LICENSE", "dist", "src", "package.json"]));
    expect(files.filter((file) => /test|golden|bench/.test(String(file)))).toEqual([]);
    const modules = readdirSync(join(installed.folder, "node_modules")).filter((name) => !name.startsWith("."));
    expect(modules).toEqual(["@videor1", "fastest-levenshtein"]);
  });

  test("publint and attw find no fault", () => {
    expect(run(bin("publint"), "run", installed.tarball, "--strict")).toContain("All good!");
    expect(run(bin("attw"), installed.tarball)).toContain("No problems found");
  });

  test("the core entry has at most 15 kB, gzipped, with its dependencies", async () => {
    const code = await bundle('globalThis.rewards = require("@videor1/rewards");', true);
    const size = gzipSync(code).length;
    console.log(`@videor1/rewards: ${size} bytes minified and gzipped`);
    expect(size).toBeLessThanOrEqual(15_000);
  });
});

describe("in Node", () => {
  const score = 'accuracyReward("<answer>1,000</answer>", "<answer>1000</answer>", "numerical")';

  test("as an ES module", () => {
    const code = `import { accuracyReward } from "@videor1/rewards"; console.log(${score});`;
    expect(runNode("esm.mjs", code)).toBe("1");
  });

  test("as CommonJS", () => {
    const code = `const { accuracyReward } = require("@videor1/rewards"); console.log(${score});`;
    expect(runNode("cjs.cjs", code)).toBe("1");
  });

  test("expressions ask for mathjs, options for zod, and work with them both ways", () => {
    const use = 'console.log(readExpression("1/4"));';
    const esm = `import { readExpression } from "@videor1/rewards/expressions"; ${use}`;
    const cjs = `const { readExpression } = require("@videor1/rewards/expressions"); ${use}`;
    const load = 'loadAccuracyOptions("safe", RewardOptions.parse({ expressions: true }))';
    const show = "then((optionsOf) => optionsOf().readNumber('1/4'), (error) => error.code).then(console.log);";
    const esmOptions = `import { loadAccuracyOptions, RewardOptions } from "@videor1/rewards/options"; ${load}.${show}`;
    const cjsOptions = `const { loadAccuracyOptions, RewardOptions } = require("@videor1/rewards/options"); ${load}.${show}`;
    expect(() => runNode("without.mjs", esm)).toThrow("Cannot find package 'mathjs'");
    expect(() => runNode("without-zod.mjs", esmOptions)).toThrow("Cannot find package 'zod'");
    addPeer(installed, "zod");
    expect(runNode("options-without.mjs", esmOptions)).toBe("expressions-unavailable");
    expect(runNode("options-without.cjs", cjsOptions)).toBe("expressions-unavailable");
    addPeer(installed, "mathjs");
    expect(runNode("with.mjs", esm)).toBe("0.25");
    expect(runNode("with.cjs", cjs)).toBe("0.25");
    expect(runNode("options.mjs", esmOptions)).toBe("0.25");
    expect(runNode("options.cjs", cjsOptions)).toBe("0.25");
  });

  test.each([
    { module: "NodeNext", file: "typed.mts" },
    { module: "NodeNext", file: "typed.cts" },
    { module: "Preserve", file: "typed.ts" },
  ])("its types are found with --module $module in $file", ({ module, file }) => {
    const code = `import { accuracyReward, scoreBatch, type ItemScore, type Rules } from "@videor1/rewards";
      import { readExpression } from "@videor1/rewards/expressions";
      import { RewardOptions } from "@videor1/rewards/options";
      import { chosenOption } from "@videor1/rewards/reading";
      export const letter: string | undefined = chosenOption("C. red", ["blue", "green", "red"]);
      export const options: RewardOptions = RewardOptions.parse({ markup: true });
      const rules: Rules = "safe";
      const reward: number = accuracyReward("", "", "OCR", { rules });
      const { results, failed } = scoreBatch([{ completion: "", solution: "", problemType: "numerical" }], { readNumber: readExpression });
      export const first: [ItemScore | undefined, number, number] = [results[0], failed, reward];
      // @ts-expect-error There is no such type of problem.
      accuracyReward("", "", "mcq");
      // @ts-expect-error The original's rules have no options.
      accuracyReward("", "", "OCR", { rules: "video-r1", lenientChoices: true });
    `;
    writeFileSync(join(installed.folder, file), code);
    run(bin("tsc"), ...["--strict", "--noEmit", "--module", module, "--target", "es2022", file]);
  });
});

describe("without Node", () => {
  const golden = readGolden<RewardGolden>("rewards");
  const items = golden.cases.map(({ completion, solution, type }) => ({ completion, solution, problemType: type }));
  const expected = golden.cases.map((c) => [c.expected_accuracy, c.expected_format]);
  const expectGolden = (rewards: unknown) => {
    for (const [i, [accuracy, format]] of (rewards as [number, number][]).entries()) {
      expect(Math.abs(accuracy - expected[i]![0]!), golden.cases[i]!.id).toBeLessThanOrEqual(golden.tolerance.accuracy);
      expect(format, golden.cases[i]!.id).toBe(expected[i]![1]);
    }
    expect(rewards).toHaveLength(753);
  };
  const entry = `import { scoreBatch } from "@videor1/rewards";
    globalThis.scoreAll = (items) =>
      scoreBatch(items, { rules: "video-r1" }).results.map(({ accuracy, format }) => [accuracy, format]);`;

  test("in a realm that has the language and nothing else", async () => {
    const realm = createContext({ items: JSON.stringify(items) });
    expect(runInContext("typeof process + typeof require + typeof setTimeout", realm)).toBe("undefined".repeat(3));
    runInContext(await bundle(entry), realm);
    expectGolden(JSON.parse(runInContext("JSON.stringify(scoreAll(JSON.parse(items)))", realm)));
  });

  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const present = existsSync(executablePath);
  if (!present) console.warn(`Rewards are not tested in a browser: no ${executablePath} (set CHROMIUM to its path).`);

  test.skipIf(!present)("in a page of Chromium and in a worker of it", async () => {
    const code = await bundle(entry);
    const browser = await chromium.launch({
      executablePath,
      args: ["--headless", "--no-sandbox", "--disable-gpu"],
      timeout: 120_000,
    });
    try {
      const page = await browser.newPage();
      await page.addScriptTag({ content: code });
      expect(await page.evaluate("typeof process + typeof require")).toBe("undefinedundefined");
      expectGolden(await page.evaluate(`scoreAll(${JSON.stringify(items)})`));

      const worker = `${code}; onmessage = ({ data }) =>
        postMessage({ node: typeof process + typeof require, rewards: scoreAll(data) });`;
      const answer = (await page.evaluate(`new Promise((resolve, reject) => {
        const worker = new Worker(URL.createObjectURL(new Blob([${JSON.stringify(worker)}])));
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage(${JSON.stringify(items)});
      })`)) as { node: string; rewards: unknown };
      expect(answer.node).toBe("undefinedundefined");
      expectGolden(answer.rewards);
    } finally {
      await browser.close();
    }
  });
});
