import { expect, test } from "vitest";
import { askArguments } from "./arguments.ts";

test.each<[string[], string[]]>([
  [
    ["model=m", "video=v.mp4", "Which came first?"],
    ["model=m", "video=v.mp4", 'question="Which came first?"'],
  ],
  [
    ["Which", "came", "first?", "model=m"],
    ["model=m", 'question="Which came first?"'],
  ],
  [
    ["my.yaml", 'Is it "red": yes or no?', "--dry-run"],
    ["my.yaml", "--dry-run", 'question="Is it \\"red\\": yes or no?"'],
  ],
  [
    ["--show", "What is x = 2?"],
    ["show=frames.png", 'question="What is x = 2?"'],
  ],
  [["--show=seen.png"], ["show=seen.png"]],
  [["--help"], ["--help"]],
])("%j", (argv, expected) => {
  expect(askArguments(argv)).toEqual(expected);
});
