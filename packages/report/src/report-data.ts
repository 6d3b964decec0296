import type { FrameStrip } from "./rollouts/frame-strip.ts";
import type { GroupView } from "./rollouts/group-view.ts";
import type { Period } from "./rollouts/select-groups.ts";
import type { Summary } from "./summarise.ts";

/** Everything that the page shows; it is embedded in the page as JSON. */
export interface ReportData extends Summary {
  title: string;
  periods: Period[];
  /** Names of the traits that groups can be filtered by. */
  traits: string[];
  groups: GroupView[];
  /** Frames of the groups; groups on the same file share a strip. */
  strips: FrameStrip[];
}
