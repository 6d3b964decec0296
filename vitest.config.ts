import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: { resolve: { conditions: ["@videor1/source", "node", "import", "default"] } },
  resolve: { conditions: ["@videor1/source", "node", "import", "default"] },
  test: {
    include: ["packages/*/{src,test}/**/*.test.ts", "apps/*/{src,test}/**/*.test.ts", "tests/**/*.test.ts"],
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});
