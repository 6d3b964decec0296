import type { BackendName } from "@videor1/engine";

/** What the tests that compute run on: the backend named by VIDEOR1_TEST_BACKEND, else the one that needs nothing. */
export const testEngine = { backend: (process.env.VIDEOR1_TEST_BACKEND ?? "wasm") as BackendName };
