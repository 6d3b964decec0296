import { type Check, recordCheck } from "../check.ts";
import { pathsOf } from "../others.ts";

export const leakId: Check = recordCheck(
  {
    code: "LEAK_ID",
    level: "error",
    about: "have a problem_id that a record of another split has",
    remedy: "Give each record of both files its own id: training refuses such a pair.",
  },
  ({ id }, { others }) => {
    const other = id === undefined ? undefined : others?.withId(id);
    return other && `as in ${other.name}`;
  },
);

export const leakMedia: Check = recordCheck(
  {
    code: "LEAK_MEDIA",
    level: "error",
    about: "ask about media that another split asks about",
    remedy: "Split by media: videor1-data split does so.",
  },
  (record, { others }) => {
    for (const path of pathsOf(record)) {
      const other = others?.withPath(path);
      if (other) return `${path}, as in ${other.name}`;
    }
    return undefined;
  },
);

export const leakFileName: Check = recordCheck(
  {
    code: "LEAK_FILE_NAME",
    level: "warning",
    about: "ask about a file whose name another data set has in another folder, such as the id of a video on the web",
    remedy:
      "See whether it is the same video, and leave the records out if it is; media=true compares what is in the files.",
  },
  (record, { others }) => {
    for (const path of pathsOf(record)) {
      const other = others?.withPath(path) ? undefined : others?.withFileName(path);
      if (other) return `${path}, as in ${other.name}`;
    }
    return undefined;
  },
);

export const leakQuestion: Check = recordCheck(
  {
    code: "LEAK_QUESTION",
    level: "warning",
    about: "have the question, options and gold of a record of another data set",
    remedy: "Leave them out where the question is not one that a template makes for every clip.",
  },
  (record, { others }) => {
    const other = others?.withQuestion(record);
    return other && `as in ${other.name}`;
  },
);
