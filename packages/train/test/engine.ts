import { initEngine } from "@videor1/engine";
import { beforeAll } from "vitest";

/** Starts the engine that every installation has. */
export function useEngine(): void {
  beforeAll(async () => {
    await initEngine({ backend: "wasm" });
  });
}
