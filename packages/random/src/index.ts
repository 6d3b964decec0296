export { epochOrder, uniformAt } from "./epoch-order.ts";
export { deriveSeed, keyOf, philox, uniform } from "./philox.ts";
export { type RandomStream, randomStream } from "./random-stream.ts";
