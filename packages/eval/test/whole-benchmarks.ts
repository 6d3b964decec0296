import { benchmarks } from "../src/benchmarks.ts";
import type { GroupCounts } from "../src/expected-counts.ts";
import { letterAt, letteredOptions } from "../src/item.ts";
import { copyParquet, writeFiles } from "./benchmark-folder.ts";

// Made-up records in the official shapes, as many by group as the releases have.

/** The paper's six. */
export type WholeBenchmark = "vsi-bench" | "video-mmmu" | "mmvu" | "mvbench" | "tempcompass" | "video-mme";

const colours = ["red", "blue", "green", "yellow", "white", "black", "brown", "grey", "pink", "violet"];
/** As many texts as options are wanted, in an order that depends on the record. */
const optionsOf = (count: number, i: number): string[] =>
  Array.from({ length: count }, (_, k) => `a ${colours[(i + k) % colours.length]} kettle`);

/** A record for each place, groups in their order. */
function forEachOf<R>(counts: GroupCounts, make: (group: string, i: number, inGroup: number) => R): R[] {
  let i = 0;
  return Object.entries(counts).flatMap(([group, count]) =>
    Array.from({ length: count ?? 0 }, (_, inGroup) => make(group, i++, inGroup)),
  );
}

const expectedOf = (name: WholeBenchmark, dimension: string): GroupCounts =>
  benchmarks[name].expected!.groups[dimension]!;

function vsiBench() {
  const numeric = /counting|abs_distance|size_estimation/;
  const records = forEachOf(expectedOf("vsi-bench", "task"), (question_type, id) => {
    const isNumber = numeric.test(question_type);
    return {
      id,
      dataset: ["arkitscenes", "scannet", "scannetpp"][id % 3], // 288 is a multiple of 3: each scene is of one
      scene_name: `kt${id % 288}`,
      question_type,
      question: `Question ${id} of ${question_type}?`,
      ground_truth: isNumber ? String((id % 40) + 1) : letterAt(id % 2),
      options: isNumber ? null : letteredOptions(optionsOf(question_type.endsWith("easy") ? 2 : 4, id)),
    };
  });
  return { "test.jsonl": records };
}

/** Adaptation's last 20 are open; the first three hundred ids are those of all tracks. */
function videoMmmu() {
  const perTrack = Object.fromEntries(
    Object.entries(expectedOf("video-mmmu", "subject")).map(([subject, count]) => [subject, count! / 3]),
  );
  const track = (name: string) => {
    const records = forEachOf(perTrack, (subject, i, inGroup) => {
      const isOpen = name === "Adaptation" && i >= 280;
      const typed = name === "Adaptation" && { question_type: isOpen ? "open" : "multiple-choice" };
      const answer = isOpen ? String(i / 4) : letterAt(i % 10);
      const options = isOpen ? [] : optionsOf(10, i);
      return {
        id: `validation_${subject}_${inGroup}`,
        question: `Question ${i} of ${name}?`,
        options,
        answer,
        ...typed,
      };
    });
    return { [name]: Object.fromEntries(records.entries()) };
  };
  const tracks = ["Perception", "Comprehension", "Adaptation"];
  return Object.fromEntries(tracks.map((name) => [`data/${name.toLowerCase()}_video.json`, track(name)]));
}

function mmvu() {
  const choices = expectedOf("mmvu", "task")["multiple-choice"]!;
  const records = forEachOf(expectedOf("mmvu", "subject"), (subject, i) => {
    const isChoice = i < choices;
    const texts = isChoice ? optionsOf(5, i) : Array<string>(5).fill("");
    return {
      id: `validation_${i}`,
      video: `https://huggingface.co/datasets/yale-nlp/MMVU/resolve/main/videos/Any/${i % 583}.mp4`,
      question_type: isChoice ? "multiple-choice" : "open-ended",
      metadata: { subject, textbook: "", rationale: "", knowledge: [] },
      question: `Question ${i}?`,
      choices: Object.fromEntries(texts.map((text, k) => [letterAt(k), text])),
      answer: isChoice ? letterAt(i % 5) : "mitral valve",
    };
  });
  return { "data/validation.json": records };
}

const bounded = new Set([
  "action_sequence",
  "action_prediction",
  "object_interaction",
  "action_localization",
  "episodic_reasoning",
]);

function mvbench() {
  const fileOf = ([task, count]: [string, number | null]) => {
    const records = Array.from({ length: count! }, (_, i) => {
      const candidates = optionsOf(4, i);
      const bounds = bounded.has(task) && { start: i, end: i + 1.5 };
      return { video: `kt${i}.mp4`, question: `Question ${i}?`, candidates, answer: candidates[i % 4], ...bounds };
    });
    return [`json/${task}.json`, records];
  };
  return Object.fromEntries(Object.entries(expectedOf("mvbench", "task")).map(fileOf));
}

function tempcompass() {
  const questionOf: Record<string, (i: number) => { question: string; answer: string }> = {
    "multi-choice": (i) => {
      const options = letteredOptions(optionsOf(4, i));
      return { question: ["What is shown?", ...options].join("\n"), answer: options[i % 4]! };
    },
    yes_no: (i) => ({ question: `Is it number ${i}?`, answer: i % 2 === 0 ? "yes" : "no" }),
    caption_matching: (i) => {
      const captions = optionsOf(2, i).map((text, k) => `Caption ${letterAt(k)}: ${text}`);
      return { question: ["Which caption matches?", ...captions].join("\n"), answer: captions[i % 2]! };
    },
    captioning: (i) => ({
      question: `Information A: ${i}\nInformation B: none\nGenerated Caption:`,
      answer: `A. ${i}`,
    }),
  };
  const files: Record<string, Record<string, Record<string, object[]>>> = {};
  forEachOf(expectedOf("tempcompass", "task/aspect"), (group, i) => {
    const [task, aspect] = group.split("/") as [string, string];
    const file = `questions/${task}.json`;
    const video = `kt${i % 410}`;
    const videos = { ...files[file]?.[video] };
    videos[aspect] = [...(videos[aspect] ?? []), questionOf[task]!(i)];
    files[file] = Object.assign(files[file] ?? {}, { [video]: videos });
  });
  return files;
}

const makers = { "vsi-bench": vsiBench, "video-mmmu": videoMmmu, mmvu, mvbench, tempcompass };

/** Writes a benchmark of its whole size to a folder. */
export function writeWhole(name: WholeBenchmark, folder: string): string {
  return name === "video-mme" ? copyParquet("video-mme-whole", folder) : writeFiles(folder, makers[name]());
}
