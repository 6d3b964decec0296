import type { ReportNotes } from "@videor1/report";
import { tasks } from "../tasks/index.ts";
import { borderShare, leansOnBorder } from "./border.ts";
import { borderCurve, findings } from "./findings.ts";

/** The notes of the miniature for a report: its tasks, and the trap in them. */
export const notes: ReportNotes = {
  temporalTasks: Object.values(tasks).flatMap(({ name, temporal }) => (temporal ? [name] : [])),
  shortcut: { name: "the border", about: "that often gives the answer away" },
  heldBack: "whose border carries no information",
  glossary: [
    {
      term: "The border",
      text:
        "Clips of direction and order questions have a coloured border. In training its colour often agrees with the right " +
        "answer, in the test it does not: a trap for a model that would rather not watch.",
    },
  ],
  traits: [{ name: "names the border", has: ({ ordered }) => ordered.some(({ text }) => leansOnBorder(text)) }],
  curves: [
    {
      id: borderCurve,
      title: "Shortcut share",
      unit: "share",
      about: "Answers to direction and order questions whose thought leans on the border instead of the frames.",
      value: borderShare,
    },
  ],
  figures: [{ label: "Shortcut", about: "of thoughts lean on the border", curve: borderCurve }],
  findings,
  markWords: [{ word: "border", about: "leans on the border" }],
  caveats: [
    "How well Video-R1 does on real videos. The model is ten thousand times smaller than the 7B one and its world has four " +
      "colours and four shapes; the published scores are neither reproduced nor contradicted.",
    "That a thought without the word “border” is free of the shortcut, though it counts as such: the order gap is the firmer sign.",
  ],
};
