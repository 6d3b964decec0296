export type { DoubleEngine } from "./engine.ts";
export { type Misbehaviour, misbehaviours } from "./misbehaviour.ts";
export type { DoubleChoice } from "./reply.ts";
export { type ServerDouble, type ServerDoubleOptions, startServerDouble, textOf } from "./server-double.ts";
