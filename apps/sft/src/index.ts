export { SftConfig } from "./config.ts";
export { type TrainOptions, trainSft } from "./train.ts";
