import { expect, test } from "vitest";
import { RlConfig } from "./config.ts";

const keys = { model: "m", outputDir: "o", data: { records: "r.json", media: { mediaRoot: "." } } };
const config = (rewards?: string) => RlConfig.safeParse({ ...keys, rewards });

test("a run is rewarded by the original's rules unless it asks for the safe ones", () => {
  expect(config().data?.rewards.rules).toBe("video-r1");
  expect(config("safe").data?.rewards.rules).toBe("safe");
  expect(config("save").error?.issues.map(({ path }) => path)).toEqual([["rewards"]]);
});

test.each<[object, boolean]>([
  [{ tgrpo: { shuffledFraction: 0.1 } }, false],
  [{ tgrpo: { shuffledFraction: 0.125 } }, true],
  [{ tgrpo: { shuffledFraction: 0.1 }, rollout: { numGenerations: 10 } }, true],
  [{ tgrpo: { shuffledFraction: 0.1, temporal: "none" } }, true],
  [{ tgrpo: { shuffledFraction: 0.1, temporal: "contrast" } }, true],
])("%j: a shuffled answer to compare with? %s", (change, isValid) => {
  const { error } = RlConfig.safeParse({ ...keys, ...change });
  expect(error === undefined).toBe(isValid);
  if (!isValid) expect(error!.issues[0]).toMatchObject({ path: ["tgrpo", "shuffledFraction"] });
});

test.each([2 ** 32, 2 ** 32 + 42])("seed %d, which draws as a smaller one, is refused", (seed) => {
  expect(RlConfig.safeParse({ ...keys, seed }).error!.issues[0]!.path).toEqual(["seed"]);
});

const server = { urls: ["http://127.0.0.1:8000/v1"], model: "m", folder: "pushes" };
const lora = { rank: 4, alpha: 8 };
const scoring = { ...server, referenceLogps: true };
test.each<[object, string | undefined]>([
  [{ loss: { importanceSampling: "token_mask" }, rollout: { temperature: 0.7 } }, "loss.importanceSampling.mode"],
  [{ rollout: { server, temperature: 0.7 } }, "loss.importanceSampling.mode"], // on by default
  [{ rollout: { server, temperature: 0.7 }, loss: { importanceSampling: "none" } }, undefined],
  [{ rollout: { temperature: 0.7 } }, undefined],
  [{ rollout: { maxStaleness: 1 } }, "rollout.maxStaleness"],
  [{ rollout: { maxStaleness: 1, server } }, undefined],
  [{ rollout: { server: scoring }, lora }, undefined],
  [{ rollout: { server: scoring } }, "rollout.server.referenceLogps"],
  [{ rollout: { server: scoring }, adapter: "a" }, "rollout.server.referenceLogps"],
  [{ rollout: { server: scoring }, lora, loss: { beta: 0 } }, "rollout.server.referenceLogps"],
])("%j: refused at %s", (change, path) => {
  const issues = RlConfig.safeParse({ ...keys, ...change }).error?.issues ?? [];
  expect(issues.map((issue) => issue.path.join("."))).toEqual(path === undefined ? [] : [path]);
});

test.each([
  [["http://a:8000/v1", "http://a:8000/"], false],
  [["http://localhost:8000/v1", "http://127.0.0.1:8000/v1"], false],
  [["http://a:8000/v1", "http://a:8001/v1"], true],
])("servers %j: each once? %s", (urls, isValid) => {
  const { error } = RlConfig.safeParse({ ...keys, lora, rollout: { server: { ...server, urls } } });
  expect(error === undefined).toBe(isValid);
  if (!isValid) expect(error!.issues[0]).toMatchObject({ path: ["rollout", "server", "urls"] });
});
