/** Numbers and lists for the page's sentences. */
import { percent } from "@videor1/cli";
import type { Estimate } from "@videor1/statistics";
import { decimal } from "../shared/units.ts";

/** "87.5 %" for 0.875, with a no-break space. */
export const withPercent = (share: number): string => `${percent(share)}\u00a0%`;

/** "+12.5" for 0.125, "−3.0" for -0.03: percentage points. */
export const points = (share: number): string => decimal(100 * share, 1, "+");

/** "50.0 [9.5, 90.5]": a share in percent with its interval. */
export const percentInterval = ({ mean, low, high }: Estimate): string =>
  `${percent(mean)} [${percent(low)}, ${percent(high)}]`;

/** "+12.5 [−3.0, +28.0]": a difference of shares in points with its interval. */
export const pointsInterval = ({ mean, low, high }: Estimate): string =>
  `${points(mean)} [${points(low)}, ${points(high)}]`;

/** "790,464". */
export const integer = (value: number): string => value.toLocaleString("en-US", { maximumFractionDigits: 0 });

/** "a", "a and b", "a, b and c". */
export const inWords = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
