export { RlConfig } from "./config.ts";
export { tgrpoOptions } from "./options.ts";
export { type PolicyInput, qwenPolicy } from "./policy.ts";
export { questionFields } from "./recorded-group.ts";
export { trainRl } from "./train.ts";
