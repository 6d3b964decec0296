export { AblationConfig } from "./config.ts";
