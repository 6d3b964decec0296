import { existsSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

const torchBuild = process.env.VIDEOR1_TORCH_BUILD ?? join(import.meta.dirname, "packages/tfjs-backend-torch/build");
const hasTorch = existsSync(join(torchBuild, "current.json"));
if (!hasTorch) console.log(`The backend "torch" is not built (no ${torchBuild}/current.json): its tests are skipped`);

/** The model, its losses and gradients once more, on torch. */
const onTorch = {
  extends: true as const,
  test: {
    name: "on torch",
    include: ["packages/model-qwen25vl/src/**/*.test.ts"],
    env: { VIDEOR1_TEST_BACKEND: "torch", VIDEOR1_TORCH_THREADS: "1" },
  },
};

export default defineConfig({
  ssr: { resolve: { conditions: ["@videor1/source", "node", "import", "default"] } },
  resolve: { conditions: ["@videor1/source", "node", "import", "default"] },
  test: {
    testTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "all",
          include: ["packages/*/{src,test}/**/*.test.ts", "apps/*/{src,test}/**/*.test.ts", "tests/**/*.test.ts"],
        },
      },
      ...(hasTorch ? [onTorch] : []),
    ],
  },
});
