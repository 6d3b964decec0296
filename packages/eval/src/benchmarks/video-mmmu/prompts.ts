import { type BenchmarkItem, letteredOptions } from "../../item.ts";
import {
  afterMedia,
  type BenchmarkPrompts,
  officialRecord,
  type RenderedPrompt,
  text,
  userTurn,
} from "../../prompts/prompt.ts";

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

/** The picture of the question as a clip of two seconds, in the place of the lecture; the baseline of Δknowledge. */
function questionOnly(item: BenchmarkItem): RenderedPrompt {
  const record = officialRecord<VideoMmmuRecord>(item);
  const content = `${record.question}\n${optionLines(record, item)}`;
  const media = [{ kind: "video" as const, path: `question_only/${record.id}_image.mp4` }];
  return userTurn([{ type: "video" }, text(content)], media);
}

/** Adaptation's questions come with their picture, if the record has one: the repository's JSON has none. */
function vlmevalkit(item: BenchmarkItem): RenderedPrompt {
  const { track, image } = officialRecord<VideoMmmuRecord>(item);
  const question = text(`${trackText(item)}\nAdd \`Answer: {Your final answer}\` at the end of your reply.`);
  if (track !== "Adaptation" || !image) return userTurn([{ type: "video" }, question], item.media);
  return userTurn([{ type: "video" }, { type: "image" }, question], [...item.media, { kind: "image", path: image }]);
}

const generation = { maxNewTokens: 1024 };
const worded = { render: (item: BenchmarkItem) => afterMedia(item, trackText(item)), generation };
const baseline = { render: questionOnly, generation };

/** @see EvolvingLMMs-Lab/VideoMMMU@88b4ac3, lmms-eval 0.7.3 (equal but for the reading of answers), VLMEvalKit@e8e78f0 */
export const videoMmmuPrompts: BenchmarkPrompts = {
  official: worded,
  "official-question-only": baseline,
  "lmms-eval": worded,
  "lmms-eval-question-only": baseline,
  vlmevalkit: { render: vlmevalkit, generation: {} },
};
