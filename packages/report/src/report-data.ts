import type { FrameStrip } from "./frames.ts";
import type { GroupView } from "./group-view.ts";
import type { Period } from "./select-groups.ts";
import type { Summary } from "./summarise.ts";

/** Everything that the page shows; it is embedded in the page as JSON. */
export interface ReportData extends Summary {
  title: string;
  periods: Period[];
  /** Names of what groups can be filtered by. */
  traits: string[];
  groups: GroupView[];
  /** Frames of the groups; arms that were asked the same question share them. */
  strips: FrameStrip[];
}
