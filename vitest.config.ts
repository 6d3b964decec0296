import { defineConfig } from "vitest/config";

/** Packages whose tests leave nothing behind in their process, so that files share one, and load what they import once. */
const shared = ["cli", "curation", "eval", "launch", "plan", "random", "report", "rewards", "runs", "statistics"].join(
  "|",
);
const sharedTests = [`packages/@(${shared})/{src,test}/**/*.test.ts`];
const allTests = ["packages/*/{src,test}/**/*.test.ts", "apps/*/{src,test}/**/*.test.ts", "tests/**/*.test.ts"];

export default defineConfig({
  ssr: { resolve: { conditions: ["@videor1/source", "node", "import", "default"] } },
  resolve: { conditions: ["@videor1/source", "node", "import", "default"] },
  test: {
    projects: [
      { extends: true, test: { name: "alone", include: allTests, exclude: sharedTests } },
      { extends: true, test: { name: "shared", include: sharedTests, isolate: false } },
    ],
    // Guards against hanging, generous for a busy machine; no test asserts a time.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
    maxWorkers: 2,
  },
});
