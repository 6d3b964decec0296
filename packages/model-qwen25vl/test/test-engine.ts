import type { BackendName } from "@videor1/engine";

/** Engine options of the tests: the backend named by VIDEOR1_TEST_BACKEND, else wasm, which needs nothing installed. */
export const testEngine = { backend: (process.env.VIDEOR1_TEST_BACKEND ?? "wasm") as BackendName };
