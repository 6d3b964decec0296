import { beforeAll, describe } from "vitest";
import { defineAdamw8bitTests } from "../../test/adamw8bit.ts";
import { initEngine } from "../backend.ts";

describe("moments in codes, on wasm", () => {
  beforeAll(async () => void (await initEngine({ backend: "wasm" })));
  defineAdamw8bitTests({ storesBfloat16: false });
});
