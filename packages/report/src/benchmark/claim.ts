import { type Direction, directionOf, type Estimate } from "@videor1/statistics";

/** With fewer clips, all of one sign, no exact test of signs reaches 0.05: 2 / 2^5 is above it. */
const leastClips = 6;

/** What may be said of a difference with an interval over clips; "few": too few clips for its interval to mean anything. */
export const claimOf = (difference: Estimate, clips: number): Direction | "few" =>
  clips < leastClips ? "few" : directionOf(difference);
