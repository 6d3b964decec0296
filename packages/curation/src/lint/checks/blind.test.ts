import { expect, test } from "vitest";
import { choice, type Fields, findingsOf, open } from "../../../test/made-records.ts";
import { answerBlind } from "./blind.ts";

const many = (of: (i: number) => Fields): Fields[] =>
  Array.from({ length: 200 }, (_, i) => ({ ...of(i), problem_id: i, path: `${i}.mp4` }));

test("questions whose words tell the answer are told by source and type, against chance", () => {
  const told = many((i) =>
    choice({ options: ["A. never", "B. waves"], solution: `<answer>B</answer>`, problem: `Q ${i}?` }),
  );
  const counted = many((i) =>
    open("numerical", i % 2 === 0 ? "4" : "2", {
      problem: `How many ${i % 2 === 0 ? "legs" : "eyes"}?`,
      data_source: "b",
    }),
  );
  const [finding] = findingsOf([...told, ...counted], { checks: [answerBlind] });
  expect(finding!.groups.map(({ group, values }) => [group, values.accuracy, values.chance])).toEqual([
    ["b, numerical", 1, 0.5],
    ["made, multiple choice", 1, 0.5],
  ]);
});

test("a model does not learn from other questions on the same medium", () => {
  const same = many((i) => choice({ options: ["A. never", "B. waves"], problem: `Q ${i}?` })).map((fields) => ({
    ...fields,
    path: "one.mp4",
  }));
  expect(findingsOf(same, { checks: [answerBlind] })).toEqual([]);
});
