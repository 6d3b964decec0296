import { meanOf } from "@videor1/statistics";
import type { ReportNotes } from "../src/notes.ts";
import { taskOf } from "../src/tables/task-table.ts";
import { fixtureTasks } from "./fixture-questions.ts";

const leans = (text: string): boolean => text.includes("border");
const borderTasks = fixtureTasks.filter(({ hasBorder }) => hasBorder).map(({ name }) => name);

/** Notes of every kind on the invented data set. */
export const fixtureNotes: ReportNotes = {
  temporalTasks: fixtureTasks.filter(({ temporal }) => temporal).map(({ name }) => name),
  shortcut: { name: "the border", about: "that gives the answer away" },
  heldBack: "without borders that tell",
  glossary: [{ term: "The border", text: "A trap & a <b>hint</b>." }],
  traits: [{ name: "names the border", has: ({ ordered }) => ordered.some(({ text }) => leans(text)) }],
  curves: [
    {
      id: "border",
      title: "Border share",
      unit: "share",
      about: "Thoughts that lean on the border.",
      value: (groups) => {
        const asked = groups.filter(({ dataSource }) => borderTasks.includes(taskOf(dataSource)));
        return meanOf(asked.flatMap(({ ordered }) => ordered).map(({ text }) => Number(leans(text))));
      },
    },
  ],
  figures: [{ label: "Border", about: "of thoughts lean on it", curve: "border" }],
  findings: ({ arms, table }) => [
    { title: "A noted finding", text: `${arms.length} arms, ${table?.totals.length} totals` },
  ],
  markWords: [{ word: "border", about: "leans on the border" }],
  caveats: ["Real borders are wider."],
};
