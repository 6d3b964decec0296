import type { Description, Difference } from "@videor1/curation";
import type { MediaSummary } from "./read-media.ts";

/** What inspect says of one data set, or of two. */
export interface InspectResult {
  sets: InspectedSet[];
  /** With a second data set alone. */
  differences?: Difference[];
  page?: string;
}

export interface InspectedSet {
  files: string[];
  /** Records read; the description is of the valid ones. */
  records: number;
  invalid: number;
  description: Description;
  media?: MediaSummary;
}
