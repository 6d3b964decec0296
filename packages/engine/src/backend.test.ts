import { engine, ones } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { type BackendName, initEngine } from "./backend.ts";
import { linear } from "./ops/linear.ts";

describe("initEngine", () => {
  test('"auto" says what it took and why', async () => {
    const info = await initEngine();
    expect(info.backend).toBe(engine().backendName);
    expect(info.reason).toContain("@videor1/tfjs-backend-torch is");
  });

  test("a second call keeps the backend and its tensors", async () => {
    await initEngine({ backend: "wasm" });
    const x = ones([2, 3]);
    await initEngine({ backend: "wasm" });
    expect([...x.dataSync()]).toEqual([1, 1, 1, 1, 1, 1]);
    x.dispose();
  });

  test("fma: false takes the build without, and back", async () => {
    const devices = [];
    for (const fma of [false, true]) {
      devices.push((await initEngine({ backend: "wasm", fma })).device);
      expect([...linear(ones([1, 3]), ones([2, 3])).dataSync()]).toEqual([3, 3]);
    }
    expect(devices[0]).toBe("cpu, 1 thread, WebAssembly SIMD");
    expect(devices[1]).toMatch(/fused multiply-add$/);
  });

  test("leaves the process' error handling alone", async () => {
    const count = () => process.listenerCount("uncaughtException") + process.listenerCount("unhandledRejection");
    const before = count();
    await initEngine({ backend: "wasm" });
    expect(count()).toBe(before);
  });

  test.each<{ backend: BackendName; missing: string }>([{ backend: "tensorflow", missing: "@tensorflow/tfjs-node" }])(
    "$backend: an error that names what to install",
    async ({ backend, missing }) => {
      const error = await initEngine({ backend }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: "EngineError", code: "BACKEND_MISSING", details: { package: missing } });
      expect(error).toHaveProperty("hint", expect.stringContaining(`npm install ${missing}`));
    },
  );
});
