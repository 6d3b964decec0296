import { initEngine } from "@videor1/engine";
import { beforeAll } from "vitest";

/** Starts the engine that is always there. */
export function useEngine(): void {
  beforeAll(async () => {
    await initEngine({ backend: "wasm" });
  });
}
