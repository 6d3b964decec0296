export { SftConfig } from "./config.ts";
export { MergeConfig } from "./merge/config.ts";
export { trainSft } from "./train.ts";
