import { expect, test } from "vitest";
import { RlConfig } from "./config.ts";

const config = (rewards?: string) =>
  RlConfig.safeParse({ model: "m", outputDir: "o", data: { records: "r.json", media: { mediaRoot: "." } }, rewards });

test("a run is rewarded by the original's rules unless it asks for the safe ones", () => {
  expect(config().data?.rewards.rules).toBe("video-r1");
  expect(config("safe").data?.rewards.rules).toBe("safe");
  expect(config("save").error?.issues.map(({ path }) => path)).toEqual([["rewards"]]);
});
