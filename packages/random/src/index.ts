export { epochOrder, uniformAt } from "./epoch-order.ts";
export { deriveSeed, keyOf, philox, uniform } from "./philox.ts";
export { type RandomStream, randomStream, restoreStream } from "./random-stream.ts";
