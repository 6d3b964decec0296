// A machine without libtorch: the package torch is there, its addon is not.
import { join } from "node:path";
import { expect, test } from "vitest";
import { initEngine } from "./backend.ts";

process.env.VIDEOR1_TORCH_BUILD = join(import.meta.dirname, "no-such-folder");

test('"auto" takes wasm and says what torch lacks', async () => {
  const info = await initEngine();
  expect(info.backend).toBe("wasm");
  expect(info.reason).toMatch(/tfjs-backend-torch is installed but does not load: .*addon is not built/);
});

test('asking for "torch" is an error that names the ways to get it', async () => {
  const error = await initEngine({ backend: "torch" }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    name: "EngineError",
    code: "BACKEND_FAILED",
    details: { backend: "@videor1/tfjs-backend-torch" },
  });
  expect(error).toHaveProperty("message", expect.stringContaining("addon is not built"));
  expect(error).toHaveProperty("hint", expect.stringMatching(/pip install torch.*apt-get install libtorch-dev/));
});
