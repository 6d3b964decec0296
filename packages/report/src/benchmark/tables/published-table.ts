import type { Benchmark, PublishedScore } from "@videor1/eval";
import type { ReportTable } from "./report-table.ts";

/** A row of ours among published ones. */
export interface OwnScore {
  model: string;
  /** Frames of a video; null where a frame rate decided, or a draw. */
  frames: number | null;
  percent: number;
  source: string;
}

/**
 * The published scores of a benchmark, with ours below. With ours, rows of the same number of frames come last, next to it;
 * before them those of other numbers, and first those of an unknown number.
 */
export function publishedTable(
  { title, published }: Pick<Benchmark, "title" | "published">,
  own?: OwnScore,
): ReportTable {
  const rows = own === undefined ? published : nearest(published, own.frames);
  return {
    title: "Published scores",
    header: [`published, ${title}`, "frames", "score", "source"],
    rows: rows.map(cellsOf),
    ...(own && { totals: [cellsOf(own)] }),
    left: [0, 3],
  };
}

const cellsOf = ({ model, frames, percent, source, ...rest }: PublishedScore | OwnScore): string[] => [
  model,
  frames === null ? "" : String(frames),
  percent.toFixed(1),
  "of" in rest && rest.of !== undefined ? `${source}, ${rest.of}` : source,
];

function nearest(published: readonly PublishedScore[], frames: number | null): PublishedScore[] {
  const distance = (other: number | null) => {
    if (other === frames) return 0;
    return other === null || frames === null ? Number.MAX_VALUE : Math.abs(other - frames);
  };
  return [...published].sort((a, b) => distance(b.frames) - distance(a.frames) || (a.frames ?? 0) - (b.frames ?? 0));
}
