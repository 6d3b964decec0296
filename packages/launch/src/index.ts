export { type Ranks, readRanks } from "./read-ranks.ts";
