import { RewardOptions } from "@videor1/rewards/options";
import { describe, expect, test } from "vitest";
import { RewardsConfig } from "./rewards-config.ts";

const mine = { path: "./my-reward.mjs", name: "my-reward", weight: 1, timeoutSeconds: 60 };
const judge = { path: "./judge.ts", name: "judge", weight: 2, timeoutSeconds: 5 };
const judgeEntry = { path: "./judge.ts", weight: 2, timeoutSeconds: 5 };

const options = RewardOptions.parse({});
const marked = { ...options, markup: true, unicode: false };

describe("forms", () => {
  test.each<[unknown, RewardsConfig]>([
    ["video-r1", { rules: "video-r1", options, functions: [] }],
    ["safe", { rules: "safe", options, functions: [] }],
    ["./my-reward.mjs", { rules: "video-r1", options, functions: [mine] }],
    [{}, { rules: "video-r1", options, functions: [] }],
    [{ rules: "safe" }, { rules: "safe", options, functions: [] }],
    [
      { rules: "safe", options: { markup: true, unicode: false } },
      { rules: "safe", options: marked, functions: [] },
    ],
    [
      { rules: "safe", functions: [judgeEntry, "./my-reward.mjs"] },
      { rules: "safe", options, functions: [judge, mine] },
    ],
    [["./my-reward.mjs"], { rules: "video-r1", options, functions: [mine] }],
    [
      ["safe", "./my-reward.mjs", { ...judgeEntry, name: "teacher" }],
      { rules: "safe", options, functions: [mine, { ...judge, name: "teacher" }] },
    ],
  ])("%j", (input, output) => {
    expect(RewardsConfig.parse(input)).toEqual(output);
    expect(RewardsConfig.parse(RewardsConfig.parse(input))).toEqual(output);
  });
});

describe("mistakes", () => {
  const neither = (text: string) =>
    `"${text}" is neither rules ("video-r1" or "safe") nor the path of a module (.mjs, .js or .ts)`;
  test.each<[unknown, PropertyKey[], string]>([
    ["saef", [], `${neither("saef")}; did you mean "safe"?`],
    ["videoR1", [], `${neither("videoR1")}; did you mean "video-r1"?`],
    ["./reward.py", [], neither("./reward.py")],
    [["safe", "video-r1"], [1], 'a second name of rules; "safe" is given already'],
    [{ functions: ["safe"] }, ["functions", 0], '"safe" names rules, not a function: write it as rules: safe'],
    [{ functions: [{ path: "judge" }] }, ["functions", 0, "path"], neither("judge")],
    [["./a/judge.mjs", "./b/judge.mjs"], [1], 'two functions are named "judge": give one another name'],
    [
      { options: { units: true, unicode: false } },
      ["options"],
      "units, unicode: the rules video-r1 have no such options, the rules safe do",
    ],
    ["./2nd.mjs", [], '"2nd" is no name: give a name of letters, digits, - and _ that begins with a letter'],
    [[{ path: "./a.mjs", name: "total" }], [0, "name"], 'the name "total" is taken: give the function another name'],
    ["./constructor.mjs", [], 'the name "constructor" is taken: give the function another name'],
    [
      "./accuracy.mjs",
      [],
      'a function cannot replace the rule reward "accuracy": the rules decide what is correct; give the function another name, and set tgrpo.weights.accuracy=0 to leave the rule reward out of the total',
    ],
  ])("%j", (input, path, message) => {
    const { error } = RewardsConfig.safeParse(input);
    expect(error?.issues.map(({ path, message }) => ({ path, message }))).toEqual([{ path, message }]);
  });

  test.each([
    3,
    [3],
    { rules: "saef" },
    { rules: "safe", options: { unit: true } },
    [{ path: "./a.mjs", weight: "2" }],
    [{ path: "./a.mjs", timeoutSeconds: 0 }],
  ])("%j", (input) => expect(RewardsConfig.safeParse(input).success).toBe(false));
});
