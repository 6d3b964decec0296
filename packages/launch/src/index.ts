export { expandHosts } from "./expand-hosts.ts";
export { LaunchError, type LaunchErrorCode } from "./launch-error.ts";
export { alone, type Channel, type GroupName, joinPeers, type PeerGroup, type Peers } from "./peers.ts";
export type { Environment, Ranks } from "./ranks.ts";
export { readRanks } from "./read-ranks.ts";
