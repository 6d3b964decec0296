import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: { resolve: { conditions: ["@videor1/source", "node", "import", "default"] } },
  resolve: { conditions: ["@videor1/source", "node", "import", "default"] },
  test: {
    include: ["packages/*/{src,test}/**/*.test.ts", "apps/*/{src,test}/**/*.test.ts", "tests/**/*.test.ts"],
    // Guards against hanging, generous for a busy machine; no test asserts a time.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
    maxWorkers: 2,
  },
});
