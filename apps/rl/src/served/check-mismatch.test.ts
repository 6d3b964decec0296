import { expect, test } from "vitest";
import { checkMismatch, mostMismatch } from "./check-mismatch.ts";

test("a step whose answers are far from the policy is refused, in the mean over its tokens", () => {
  const most = mostMismatch({ dtype: "float32", rollout: {} as Parameters<typeof mostMismatch>[0]["rollout"] });
  expect(most).toBeCloseTo(1e-3, 12);
  const parts = [
    { tokens: 1000, differenceSum: 0.5 },
    { tokens: 1000, differenceSum: 1.6 },
  ];
  expect(() => checkMismatch(parts, most)).toThrow("differ by 0.0011 nats in the mean, more than 0.0010; no update");
  checkMismatch(parts.slice(0, 1), most);
  checkMismatch(parts, undefined); // answers of an older policy
  checkMismatch([], most);
  expect(() => checkMismatch([{ tokens: 1, differenceSum: Number.NaN }], most)).toThrow("not the policy's");
});
