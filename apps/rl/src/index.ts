export { RlConfig } from "./config.ts";
export { tgrpoOptions } from "./options.ts";
export { type TrainOptions, trainRl } from "./train.ts";
