/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import type { MarkedWord } from "../notes.ts";
import type { FrameStrip } from "../rollouts/frame-strip.ts";
import type { GroupView } from "../rollouts/group-view.ts";
import { scoredTable, unscoredTable } from "./answer-table.ts";
import { element } from "./element.ts";
import { frameRow } from "./frame-row.ts";

/** The content of an opened group: question, frames, answers. */
export function groupBody(group: GroupView, frames: FrameStrip, words: readonly MarkedWord[]): HTMLDivElement {
  const { problem, options, answer, ordered, shuffled, isRight } = group;
  return element("div", { className: "body" }, [
    element("p", { className: "question" }, [
      element("span", { text: problem }),
      ...options.map((option) => element("span", { className: "option", text: option })),
      element("span", { className: "solution", text: `right: ${answer}` }),
    ]),
    frameRows(group, frames),
    scoredTable("Answers to the frames in order", ordered, { isRight: isRight.ordered, words }),
    ...(shuffled.length > 0
      ? [
          unscoredTable("Answers to the shuffled frames (they only count for p̃)", shuffled, {
            isRight: isRight.shuffled,
            words,
          }),
        ]
      : []),
  ]);
}

function frameRows({ permutation, shuffled, dataType, frameSeconds }: GroupView, frames: FrameStrip): HTMLDivElement {
  const inOrder = [...Array(frames.count).keys()];
  const rows = [
    labelled(
      dataType === "video" ? "In order" : frames.count > 1 ? "The images" : "The image",
      frameRow(frames, inOrder, frameSeconds),
    ),
  ];
  if (permutation)
    rows.push(
      labelled(shuffled.length > 0 ? "Shuffled" : "In another order", frameRow(frames, permutation, frameSeconds)),
    );
  const holder = element("div", { className: "strips" }, rows);
  const mark = (frame: string | undefined) => {
    for (const tile of holder.querySelectorAll<HTMLElement>(".frame"))
      tile.classList.toggle("marked", tile.dataset.frame === frame);
  };
  holder.addEventListener("pointerover", ({ target }) => mark((target as HTMLElement).dataset.frame));
  holder.addEventListener("pointerleave", () => mark(undefined));
  return holder;
}

function labelled(caption: string, row: HTMLSpanElement): HTMLElement {
  const numbers = [...row.children].map((tile) => (tile as HTMLElement).dataset.frame);
  const text = numbers.length > 1 ? `${caption}: frames ${numbers.join(", ")}` : caption;
  return element("figure", { attributes: { role: "img", "aria-label": text } }, [
    element("figcaption", { text: caption }),
    row,
  ]);
}
