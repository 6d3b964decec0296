export type { ServeOptions } from "./options.ts";
export { type RewardServer, type Surroundings, serve } from "./serve.ts";
export { ServeError } from "./serve-error.ts";
