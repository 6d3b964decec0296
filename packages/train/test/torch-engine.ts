import { initEngine } from "@videor1/engine";

/** Why the torch engine does not start; undefined where it does, and is current then. */
export const whyNoTorch: string | undefined = await initEngine({ backend: "torch", threads: 1 }).then(
  () => undefined,
  (error: Error) => error.message,
);
if (whyNoTorch) console.warn(`torch tests are skipped: ${whyNoTorch}`);
