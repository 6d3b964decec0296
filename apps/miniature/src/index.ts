export { MiniatureConfig } from "./config.ts";
export { makeData } from "./make-data.ts";
export { makeModel } from "./make-model.ts";
