import { fixedText } from "../python/number-text.ts";
import type { Reading } from "../scorer.ts";
import { meanOf } from "../shared/reading.ts";

/** numpy's mean with three decimals; "nan" of nothing. */
export const meanText = (readings: readonly Reading[]): string =>
  fixedText(readings.length === 0 ? Number.NaN : meanOf(readings), 3);
