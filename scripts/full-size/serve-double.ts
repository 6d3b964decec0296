// A server double in a process of its own; says its address on the first line of its output, and ends with its parent.
import { createHash } from "node:crypto";
import { startServerDouble, textOf } from "@videor1/served-model/double";

/** What a model may say to a question, some of it of no form at all. */
const answers = ["A", "B.", "C. a green kettle", "(D)", "E", "yes", "No.", "7", "2.5 meters", "a red kettle", ""];

const { url } = await startServerDouble({
  answer(request) {
    // the seed is of the question's id, where the words are those of another one
    const hash = createHash("sha256")
      .update(`${request.seed} ${textOf(request)}`)
      .digest();
    const said = answers[hash.readUInt32BE() % answers.length];
    return `<think>Frame ${hash[4]! % 16} shows it. Wait, let me look again.</think>\n<answer>${said}</answer>`;
  },
});
console.log(url);
process.stdin.on("end", () => process.exit()).resume();
