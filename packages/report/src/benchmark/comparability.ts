import { integer } from "../words/format.ts";
import { type Evaluated, framesOf } from "./evaluated.ts";

/** Frames of a video that the paper reports scores with. */
const paperFrames = [16, 32, 64];

/** What a benchmark's own files ask besides, or what of the paper's number is not known. */
const paperNotes: Record<string, (evaluation: Evaluated["evaluation"]) => string | undefined> = {
  mmvu: ({ source }) =>
    source === "official" ? "the paper's number is over the 625 multiple-choice items alone" : undefined,
  "vsi-bench": () => "how the paper joins accuracy and relative accuracy is not known (Video-R1 issue 47)",
};

/** Why a number is not to be set beside the paper's without a word; empty if nothing is known that keeps it from it. */
export function reservations(summary: Evaluated): string[] {
  const { evaluation, benchmark } = summary;
  const { isWhole, prompt, mainScorer, outcomes } = evaluation;
  const frames = framesOf(summary);
  const unasked = (outcomes["missing-media"] ?? 0) + (outcomes["engine-error"] ?? 0);
  const unjudged = outcomes.unjudged ?? 0;
  return [
    isWhole === false && "the files, or the questions asked, are not the whole benchmark",
    isWhole === undefined && "whether the files are the whole benchmark is not known",
    (frames === null || !paperFrames.includes(frames)) && "the paper has 16, 32 and 64 frames",
    prompt !== "video-r1" && `the prompt is ${prompt}, not the paper's`,
    mainScorer !== "video-r1" && `the scorer is ${mainScorer}, not the paper's`,
    unasked > 0 && `${integer(unasked)} questions could not be asked and count as wrong`,
    unjudged > 0 && `${integer(unjudged)} answers wait for a judge and count as wrong`,
    paperNotes[benchmark ?? ""]?.(evaluation),
  ].filter((reason) => typeof reason === "string");
}
