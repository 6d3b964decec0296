import type { GroupView } from "../rollouts/group-view.ts";

/** The reader's filters; an empty string filters nothing. */
export interface Chosen {
  arm: string;
  task: string;
  outcome: string;
  trait: string;
  period: string;
  text: string;
}

/** Whether a group passes the filters. The text is searched in question and answers, in any case. */
export function isChosen(group: GroupView, { arm, task, outcome, trait, period, text }: Chosen): boolean {
  return (
    (!arm || arm === String(group.arm)) &&
    (!task || task === group.task) &&
    (!outcome || outcome === group.outcome) &&
    (!trait || group.traits.some((has) => has === trait)) &&
    (!period || period === String(group.period)) &&
    (!text || texts(group).some((value) => value.toLowerCase().includes(text.toLowerCase())))
  );
}

const texts = ({ problem, answer, options, ordered, shuffled }: GroupView): string[] => [
  problem,
  answer,
  ...options,
  ...[...ordered, ...shuffled].map(({ text }) => text),
];
