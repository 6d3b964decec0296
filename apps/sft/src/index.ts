export { SftConfig } from "./config.ts";
export { MergeConfig } from "./merge/config.ts";
export { planOf } from "./plan.ts";
export { trainSft } from "./train.ts";
