/// <reference lib="dom" />

import type { MarkedWord } from "../notes.ts";
import type { GroupView } from "../rollouts/group-view.ts";
import { signedDecimal } from "../shared/units.ts";
import { answerText } from "./answer-text.ts";
import { element } from "./element.ts";

type Ordered = GroupView["ordered"][number];
type Answer = GroupView["shuffled"][number];

/** A column of numbers; `cell` makes the cell of an answer. */
interface Column<A> {
  label: string;
  cell(answer: A, label: string): HTMLTableCellElement;
}

const plainColumns: readonly Column<Answer>[] = [
  { label: "tokens", cell: ({ tokens }, label) => number(label, String(tokens)) },
  { label: "accuracy", cell: ({ accuracy }, label) => part(label, accuracy) },
  { label: "format", cell: ({ format }, label) => part(label, format) },
];

/** The columns of answers that are trained on; the contrast only if one was measured. */
function scoredColumns(answers: readonly Ordered[]): readonly Column<Ordered>[] {
  const largest = Math.max(1e-9, ...answers.map(({ advantage }) => Math.abs(advantage)));
  const contrast: Column<Ordered> = {
    label: "contrast",
    cell: ({ contrast }, label) => number(label, contrast == null ? "–" : signedDecimal(contrast)),
  };
  return [
    ...(answers.some(({ contrast }) => contrast != null) ? [contrast] : []),
    { label: "temporal", cell: ({ temporalBonus }, label) => part(label, temporalBonus) },
    { label: "length", cell: ({ lengthBonus }, label) => part(label, lengthBonus) },
    { label: "reward", cell: ({ reward }, label) => number(label, reward.toFixed(2)) },
    { label: "advantage", cell: (answer) => advantage(answer, largest) },
  ];
}

/** Marks on the texts of a table. */
export interface AnswerMarks {
  /** Whether each answer is right. */
  isRight: readonly boolean[];
  words: readonly MarkedWord[];
}

/** A table of the answers that are trained on, with every part of their reward. */
export const scoredTable = (caption: string, answers: readonly Ordered[], marks: AnswerMarks): HTMLTableElement =>
  answerTable(caption, answers, marks, [...plainColumns, ...scoredColumns(answers)], "answers");

/** A table of answers that have no bonus and no advantage. */
export const unscoredTable = (caption: string, answers: readonly Answer[], marks: AnswerMarks): HTMLTableElement =>
  answerTable(caption, answers, marks, plainColumns, "answers unscored");

function answerTable<A extends Answer>(
  caption: string,
  answers: readonly A[],
  { isRight, words }: AnswerMarks,
  columns: readonly Column<A>[],
  className: string,
): HTMLTableElement {
  const heads = ["answer", ...columns.map(({ label }) => label)];
  const rows = answers.map((answer, i) =>
    element("tr", {}, [
      element("td", { className: "text" }, [answerText(answer.text, isRight[i]!, words)]),
      ...columns.map(({ label, cell }) => cell(answer, label)),
    ]),
  );
  return element("table", { className }, [
    element("caption", { text: caption }),
    element("thead", {}, [
      element(
        "tr",
        {},
        heads.map((text) => element("th", { text, attributes: { scope: "col" } })),
      ),
    ]),
    element("tbody", {}, rows),
  ]);
}

const number = (label: string, text: string, className = "number"): HTMLTableCellElement =>
  element("td", { className, text, attributes: { "data-label": label } });

/** A part of the reward, faint if it is 0. */
const part = (label: string, value: number): HTMLTableCellElement =>
  number(label, value === 0 ? "0" : value.toFixed(2), value === 0 ? "number none" : "number");

function advantage({ advantage }: Ordered, largest: number): HTMLTableCellElement {
  const cell = number("advantage", signedDecimal(advantage), advantage < 0 ? "number less" : "number more");
  const bar = element("i", { className: "bar", attributes: { "aria-hidden": "true" } });
  const size = (50 * Math.abs(advantage)) / largest;
  bar.style.setProperty("--left", `${advantage < 0 ? 50 - size : 50}%`);
  bar.style.setProperty("--width", `${size}%`);
  cell.append(bar);
  return cell;
}
