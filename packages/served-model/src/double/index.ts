export { type Misbehaviour, misbehaviours } from "./misbehaviour.ts";
export { type ServerDouble, type ServerDoubleOptions, startServerDouble, textOf } from "./server-double.ts";
