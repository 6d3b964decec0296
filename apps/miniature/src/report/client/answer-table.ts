/// <reference lib="dom" />
import { signedDecimal } from "../format.ts";
import type { GroupView } from "../group-view.ts";
import { answerText } from "./answer-text.ts";
import { element } from "./element.ts";

type Ordered = GroupView["ordered"][number];
type Answer = GroupView["shuffled"][number] | Ordered;

const ruleRewards = ["accuracy", "format"] as const;
const bonuses = ["temporalBonus", "lengthBonus"] as const;
const headings = {
  accuracy: "accuracy",
  format: "format",
  temporalBonus: "temporal",
  lengthBonus: "length",
  reward: "reward",
} as const;

/** A table of answers with every part of their reward; shuffled answers have no bonus and no advantage. */
export function answerTable(caption: string, answers: readonly Answer[]): HTMLTableElement {
  const scored = answers.some(isOrdered);
  const names = scored ? ([...ruleRewards, ...bonuses, "reward"] as const) : ruleRewards;
  const head = ["answer", "tokens", ...names.map((name) => headings[name]), ...(scored ? ["advantage"] : [])];
  const largest = Math.max(1e-9, ...answers.map((answer) => (isOrdered(answer) ? Math.abs(answer.advantage) : 0)));
  const rows = answers.map((answer) =>
    element("tr", {}, [
      element("td", { className: "text" }, [answerText(answer.text, answer.accuracy >= 0.5)]),
      number("tokens", String(answer.tokens)),
      ...ruleRewards.map((name) => part(headings[name], answer[name])),
      ...(isOrdered(answer)
        ? [
            ...bonuses.map((name) => part(headings[name], answer[name])),
            number("reward", answer.reward.toFixed(2)),
            advantage(answer, largest),
          ]
        : []),
    ]),
  );
  return element("table", { className: scored ? "answers" : "answers unscored" }, [
    element("caption", { text: caption }),
    element("thead", {}, [
      element(
        "tr",
        {},
        head.map((text) => element("th", { text, attributes: { scope: "col" } })),
      ),
    ]),
    element("tbody", {}, rows),
  ]);
}

const isOrdered = (answer: Answer): answer is Ordered => "advantage" in answer;

const number = (label: string, text: string, className = "number"): HTMLTableCellElement =>
  element("td", { className, text, attributes: { "data-label": label } });

/** A part of the reward, faint where it is nothing. */
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
