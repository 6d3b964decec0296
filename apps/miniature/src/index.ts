export { AblationConfig } from "./ablation/config.ts";
export { MiniatureConfig } from "./config.ts";
export { dataTexts, makeData } from "./make-data.ts";
export { makeModel } from "./make-model.ts";
