export { SftConfig } from "./config.ts";
export { trainSft } from "./train.ts";
