import { type BenchmarkItem, letteredOptions } from "../../item.ts";
import { afterMedia, type BenchmarkPrompt, type BenchmarkPrompts, officialRecord } from "../../prompts/prompt.ts";

interface VideoMmmuRecord {
  id: string;
  question: string;
  options: string[];
  question_type?: string | null;
  track: string;
  image?: string | null;
}

const apply = "You should watch and learn the video content. Then apply what you learned to ";
const atTheEnd = "question. The image for this question is at the end of the video.\n";

/** A line for each option; those that all carry their letters already stay as they are. */
const optionLines = ({ options }: VideoMmmuRecord, item: BenchmarkItem): string =>
  item.options.every((option, i) => option === options[i]) ? letteredOptions(options).join("\n") : options.join("\n");

function trackText(item: BenchmarkItem): string {
  const record = officialRecord<VideoMmmuRecord>(item);
  const withOptions = `${record.question}\n${optionLines(record, item)}`;
  if (record.track !== "Adaptation")
    return `${withOptions}\nPlease ignore the Quiz question in last frame of the video.`;
  // As all three harnesses: the one untyped question is asked without its options.
  return record.question_type === "multiple-choice"
    ? `${apply}answer the following multi-choice ${atTheEnd}${withOptions}`
    : `${apply}answer the following open-ended ${atTheEnd}${record.question}`;
}

const generation = { maxNewTokens: 1024 };
const worded: BenchmarkPrompt = { render: (item) => afterMedia(item, trackText(item)), generation };

/** The picture of the question as a clip of two seconds, in the place of the lecture; the baseline of the knowledge gained. */
const questionOnly: BenchmarkPrompt = {
  media: (item) => [{ kind: "video", path: `question_only/${officialRecord<VideoMmmuRecord>(item).id}_image.mp4` }],
  render: (item) => {
    const record = officialRecord<VideoMmmuRecord>(item);
    return afterMedia(item, `${record.question}\n${optionLines(record, item)}`);
  },
  generation,
};

/** Adaptation's questions come with their picture, if the record has one: the repository's JSON has none. */
const vlmevalkit: BenchmarkPrompt = {
  media: (item) => {
    const { track, image } = officialRecord<VideoMmmuRecord>(item);
    const pictures = track === "Adaptation" && image ? [{ kind: "image" as const, path: image }] : [];
    return [...item.media.slice(0, 1), ...pictures];
  },
  render: (item) =>
    afterMedia(item, `${trackText(item)}\nAdd \`Answer: {Your final answer}\` at the end of your reply.`),
  generation: {},
};

/** @see EvolvingLMMs-Lab/VideoMMMU@88b4ac3, lmms-eval 0.7.3 (equal but for the reading of answers), VLMEvalKit@e8e78f0 */
export const videoMmmuPrompts: BenchmarkPrompts = {
  official: worded,
  "official-question-only": questionOnly,
  "lmms-eval": worded,
  "lmms-eval-question-only": questionOnly,
  vlmevalkit,
};
