export { type Card, cardNamed, cardsNamed, UnknownCardError } from "./cards.ts";
export type { Job, PromptSize, RlJob } from "./job.ts";
export { type Machine, machineFor, type Place } from "./machine.ts";
export { makePlan, type Plan } from "./make-plan.ts";
export { DoesNotFitError } from "./plan-error.ts";
export { beginPlan, printPlan, type RunToPlan, settingsFor } from "./plan-run.ts";
export { type ClipLimits, promptSize } from "./prompt-size.ts";
export type { Setting } from "./settings-that-fit.ts";
export { adapterOf, type SizesOf, sizesOf } from "./sizes-of.ts";
