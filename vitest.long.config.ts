// Checks that take minutes: `npm run check:long`.
import { mergeConfig } from "vitest/config";
import config from "./vitest.config.ts";

const { test: { projects: _, ...test } = {}, ...rest } = config;
export default mergeConfig(rest, {
  test: {
    ...test,
    include: ["packages/*/test/long/**/*.long.ts", "apps/*/test/long/**/*.long.ts", "tests/long/**/*.long.ts"],
  },
});
