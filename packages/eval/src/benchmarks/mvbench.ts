import type { MediaItem } from "@videor1/data";
import { z } from "zod";
import type { Benchmark } from "../benchmark.ts";
import { type BenchmarkItem, letterAt } from "../item.ts";
import { tableRows } from "../official-file.ts";
import { publishedScores } from "../published.ts";
import { noOption, recordReader } from "../record-reader.ts";
import { mvbenchPrompts } from "./mvbench/prompts.ts";

const Record = z.object({
  video: z.string().min(1),
  question: z.string(),
  candidates: z.array(z.string()).min(2),
  answer: z.string(),
  start: z.number().nullish(),
  end: z.number().nullish(),
});

/** Task, in the order of the paper's table, -> folder of its ready-cut clips. */
const folders = {
  action_sequence: "star/Charades_segment",
  action_prediction: "star/Charades_segment",
  action_antonym: "ssv2_video_mp4",
  fine_grained_action: "Moments_in_Time_Raw/videos",
  unexpected_action: "FunQA_test/test",
  object_existence: "clevrer/video_validation",
  object_interaction: "star/Charades_segment",
  object_shuffle: "perception/videos",
  moving_direction: "clevrer/video_validation",
  action_localization: "sta/sta_video_segment",
  scene_transition: "scene_qa/video",
  action_count: "perception/videos",
  moving_count: "clevrer/video_validation",
  moving_attribute: "clevrer/video_validation",
  state_change: "perception/videos",
  fine_grained_pose: "nturgbd_convert",
  character_order: "perception/videos",
  egocentric_navigation: "vlnqa",
  episodic_reasoning: "tvqa/video_fps3_hq_segment",
  counterfactual_inference: "clevrer/video_validation",
} as const;
/** Folders of originals that clips were cut from or made of, under those of the clips; `start` and `end` are of these. */
const originals: Readonly<Record<string, string>> = {
  "star/Charades_segment": "star/Charades_v1_480",
  "sta/sta_video_segment": "sta/sta_video",
  nturgbd_convert: "nturgbd",
  "tvqa/video_fps3_hq_segment": "tvqa/frames_fps3_hq",
};

/** Frames of the folders that TVQA's clips come as, a second. */
const tvqaFps = 3;

type Task = keyof typeof folders;

const tasks = Object.keys(folders) as Task[];

/** The clip under folders that archives unpack into, then the part of its original that the clip is. */
function otherMedia({ extra }: BenchmarkItem): MediaItem[] {
  const record = Record.safeParse(extra).data;
  const folder = folders[extra?.task as Task];
  if (record === undefined || folder === undefined) return [];
  const { video, start, end } = record;
  const clips = [`${folder}/${video}`, `video/data0613/${folder}/${video}`, `data0613/${folder}/${video}`];
  const original = originals[folder];
  const bounds = start == null || end == null ? {} : { videoStart: start, videoEnd: end };
  const sampleFps = original === originals["tvqa/video_fps3_hq_segment"] ? { sampleFps: tvqaFps } : {};
  const uncut = original === undefined ? [] : [`video/${original}/${video}`, `${original}/${video}`];
  return [
    ...clips.map((path) => ({ kind: "video" as const, path })),
    ...uncut.map((path) => ({ kind: "video" as const, path, ...bounds, ...sampleFps })),
  ];
}

/** Twenty short tasks on what happens in a video, all multiple choice. */
export const mvbench: Benchmark = {
  name: "mvbench",
  title: "MVBench",
  recordsFile: "eval_mvbench.json",
  metric: "accuracy",
  published: publishedScores("mvbench"),
  source: {
    dataset: "OpenGVLab/MVBench",
    repository: "OpenGVLab/Ask-Anything",
    revision: "4dd8210",
    licence: "MIT",
    gated: true,
  },
  files: tasks.map((task) => ({
    names: [`json/${task}.json`],
    task,
    rows: (content) => tableRows(content).map((row, number) => ({ ...row, facts: { task, number } })),
  })),
  expected: {
    total: 4000,
    groups: { task: Object.fromEntries(tasks.map((task) => [task, 200])) },
    origin: "stated",
  },
  otherMedia,
  headline: {
    label: "mean of 20 tasks",
    over: "task",
  },
  prompts: mvbenchPrompts,
  readRecord: recordReader(Record, ({ video, question, candidates, answer }, facts) => {
    const task = facts.task as Task;
    const right = candidates.indexOf(answer);
    if (right < 0) return noOption("answer", answer, candidates);
    return {
      id: `${task}/${facts.number}`,
      groups: { task },
      question,
      options: candidates,
      answerType: "choice",
      problemType: "multiple choice",
      gold: letterAt(right),
      media: [{ kind: "video", path: `video/${folders[task]}/${video}` }],
    };
  }),
};
