import type { Mapping } from "./mapping.ts";

/** Mappings of public data sets whose columns say too little by themselves. */
export const mappingPresets: Readonly<Record<string, Mapping>> = {
  /** NExT-QA's multiple choice files: `video,frame_count,width,height,question,answer,qid,type,a0…a4`. */
  "next-qa": {
    fields: {
      problem_id: { template: "{video}-{qid}" },
      problem: "question",
      video: { template: "{video}.mp4" },
      options: ["a0", "a1", "a2", "a3", "a4"],
      solution: "answer",
      original_question_type: "type",
      data_source: { constant: "NExT-QA" },
    },
    answerIs: "index0",
  },
  /** A-OKVQA's files: `question_id, image_id, question, choices, correct_choice_idx, rationales`. */
  "a-okvqa": {
    fields: {
      problem_id: "question_id",
      problem: "question",
      image: "image",
      options: "choices",
      solution: "correct_choice_idx",
      data_source: { constant: "A-OKVQA" },
    },
    answerIs: "index0",
  },
  /** ScienceQA on the Hub: `image, question, choices, answer, hint, task, …`. */
  "science-qa": {
    fields: {
      problem: "question",
      image: "image",
      options: "choices",
      solution: "answer",
      original_question_type: "task",
      data_source: { constant: "ScienceQA" },
    },
    answerIs: "index0",
  },
};
