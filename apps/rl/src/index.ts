export { RlConfig } from "./config.ts";
export { tgrpoOptions } from "./options.ts";
export { planOf } from "./plan.ts";
export { type PolicyInput, qwenPolicy, qwenSampler } from "./policy.ts";
export { reportSettings } from "./report-settings.ts";
export type { RewardFunction, RewardInput } from "./rewards/reward-function.ts";
export { type ComparedServer, compareServer, type LogpsOf, type ServerComparison } from "./served/compare-server.ts";
export { type ServerProbe, serverProbe } from "./served/server-probe.ts";
export { trainRl } from "./train.ts";
