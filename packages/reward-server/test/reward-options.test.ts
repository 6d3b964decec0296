// Every option of the safe rules, by every way that a user has: command line, server, body, URL, and Python.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { RewardOptions } from "@videor1/rewards/options";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RewardServer, serve } from "../src/serve.ts";
import { post } from "./client.ts";
import { ended, runCli, startCli } from "./start-cli.ts";

type Name = keyof RewardOptions;

/** What an option decides: items that earn 1 with it and 0 without. */
const examples: Record<Name, { answer: string; solution: string; problemType: string }> = {
  lenientChoices: { answer: "(C)", solution: "C", problemType: "multiple choice" },
  choices: { answer: "blue", solution: "B", problemType: "multiple choice" },
  markup: { answer: "$\\boxed{B}$", solution: "B", problemType: "multiple choice" },
  units: { answer: "3 chairs", solution: "3", problemType: "numerical" },
  ignoreCase: { answer: "YES", solution: "yes", problemType: "multiple choice" },
  unicode: { answer: "Ａ１", solution: "A1", problemType: "OCR" },
  expressions: { answer: "1/4", solution: "0.25", problemType: "regression" },
};
const names = Object.keys(RewardOptions.shape) as Name[];
const optionsOfQuestion = ["A. red", "B. blue"];

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const isOnByDefault = (name: Name): boolean => name === "unicode";
const completionOf = (name: Name): string => `<answer>${examples[name].answer}</answer>`;
const itemOf = (name: Name) => {
  const { solution, problemType } = examples[name];
  return { completion: completionOf(name), solution, problemType, options: optionsOfQuestion };
};
/** The accuracies of all examples where one option is turned from its default. */
const expectedWith = (turned: Name): number[] => names.map((name) => Number(isOnByDefault(name) !== (name === turned)));

let server: RewardServer;
beforeAll(async () => {
  server = await serve({ port: 0 });
});
afterAll(() => server.stop());

const items = names.map(itemOf);
const accuracies = (body: unknown): number[] =>
  (body as { results: { accuracy: number }[] }).results.map(({ accuracy }) => accuracy);

describe.each(names)("%s", (name) => {
  const value = !isOnByDefault(name);

  test("of the server", async () => {
    const other = await serve({ port: 0, [name]: value });
    expect(accuracies((await post(`${other.url}/v1/score`, { items })).body)).toEqual(expectedWith(name));
    const back = await post(`${other.url}/v1/score`, { items, rewardOptions: { [name]: !value } });
    expect(accuracies(back.body)).toEqual(names.map((each) => Number(isOnByDefault(each))));
    const original = await post(`${other.url}/v1/score`, { items: [itemOf(name)], rules: "video-r1" });
    expect(accuracies(original.body)).toEqual([0]);
    await other.stop();
  });

  test("of a request's body", async () => {
    const { body } = await post(`${server.url}/v1/score`, { items, rewardOptions: { [name]: value } });
    expect(accuracies(body)).toEqual(expectedWith(name));
  });

  test("of a request's URL", async () => {
    const labels = items.map(({ solution, problemType, options }) => ({
      solution,
      problem_type: problemType,
      options,
    }));
    const query = names.map(completionOf);
    const asked = { query, prompts: query.map(() => ""), labels };
    const { body } = await post(`${server.url}/get_reward?${name}=${value}`, asked);
    expect(body).toMatchObject({ scores: expectedWith(name) });
    const [response, label] = [completionOf(name), JSON.stringify(labels[names.indexOf(name)])];
    expect((await post(`${server.url}/slime?${name}=${value}`, { prompt: "", response, label })).body).toBe(
      Number(value),
    );
  });

  test("of the command line", async () => {
    const flag = isOnByDefault(name) ? `--no-${kebab(name)}` : `--${kebab(name)}`;
    const lines = items.map((item) => `${JSON.stringify(item)}\n`).join("");
    const { stdout } = await runCli(["score", "--quiet", flag], lines);
    expect(
      accuracies({
        results: stdout
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line)),
      }),
    ).toEqual(expectedWith(name));
    for (const command of ["score", "serve"]) {
      const { code, stderr } = await runCli([command, "--rules", "video-r1", flag]);
      expect([code, stderr]).toEqual([2, expect.stringContaining(`${name}: the rules video-r1 have no such option`)]);
    }
  });
});

describe("mistakes are told", () => {
  test.each([
    ["/v1/score", { items, rewardOptions: { unit: true } }, "rewardOptions"],
    ["/v1/score", { items, rewardOptions: { units: 1 } }, "rewardOptions.units"],
    ["/v1/score", { items, rules: "video-r1", rewardOptions: { units: true } }, "rewardOptions"],
    ["/get_reward?unit=true", { query: [], prompts: [], labels: [] }, ""],
    ["/get_reward?units=1", { query: [], prompts: [], labels: [] }, "units"],
    ["/get_reward?units=true&rules=video-r1", { query: [], prompts: [], labels: [] }, "units"],
    ["/v1/score", { items: [{ ...items[0], options: "A. red" }] }, "items[0].options"],
  ])("%s %j", async (path, body, where) => {
    const answer = await post(`${server.url}${path}`, body);
    expect(answer).toMatchObject({ status: 422, body: { error: { code: "wrong-shape", path: where } } });
    expect((answer.body as { error: { hint: string } }).error.hint.length).toBeGreaterThan(10);
  });

  test("the server does not start with options that its rules lack", async () => {
    await expect(serve({ port: 0, rules: "video-r1", units: true })).rejects.toMatchObject({ name: "RulesError" });
  });

  test("nulls are none", async () => {
    const asked = { items, rewardOptions: { units: null, markup: true }, onUnscorable: null };
    expect(accuracies((await post(`${server.url}/v1/score`, asked)).body)).toEqual(expectedWith("markup"));
    expect((await post(`${server.url}/v1/score`, { items, rewardOptions: null })).status).toBe(200);
  });
});

const hasPython = spawnSync("python3", ["--version"]).status === 0;
const python = async (options: string): Promise<{ code: number | null; stdout: string; stderr: string }> => {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", VIDEOR1_REWARDS_URL: server.url };
  const { spawn } = await import("node:child_process");
  const script = join(import.meta.dirname, "call_clients.py");
  const child = spawn("python3", [script, "options"], { env: { ...env, VIDEOR1_REWARDS_OPTIONS: options } });
  child.stdin.end(JSON.stringify(items));
  return ended(child);
};

describe.skipIf(!hasPython)("VIDEOR1_REWARDS_OPTIONS of the Python clients", () => {
  test.each(names)("%s, for every trainer", async (name) => {
    const { stdout, stderr } = await python(JSON.stringify({ [name]: !isOnByDefault(name) }));
    expect(stderr).toBe("");
    const expected = expectedWith(name);
    expect(JSON.parse(stdout)).toEqual({ trl: expected, verl: expected, easyr1: expected, areal: expected });
  });

  test.each([
    ["{units: true}", /VIDEOR1_REWARDS_OPTIONS is not JSON/],
    ["[1]", /VIDEOR1_REWARDS_OPTIONS is a JSON object/],
    ['{"unit": true}', /422: rewardOptions: Unrecognized key.*unit.*lenientChoices, choices, markup/s],
    ['{"units": 1}', /422: rewardOptions\.units/],
  ])("%s is told", async (options, problem) => {
    const { code, stderr } = await python(options);
    expect([code, stderr]).toEqual([1, expect.stringMatching(problem)]);
  });
});

test("--help names every option once a command", async () => {
  const { stdout } = await ended(startCli(["--help"]));
  for (const name of names) {
    const flag = isOnByDefault(name) ? `  --no-${kebab(name)}\n` : `  --${kebab(name)}\n`;
    expect(stdout.split(flag), name).toHaveLength(3);
  }
});
