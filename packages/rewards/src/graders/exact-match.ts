/**
 * 1 if the two texts are the same, else 0. Case, brackets and full stops count: `C.` is not `C`; two empty texts are equal.
 *
 * @see tulerfeng/Video-R1@59d65c3 src/r1-v/src/open_r1/grpo.py `accuracy_reward`, "multiple choice"
 */
export function exactMatch(answer: string, truth: string): number {
  return answer === truth ? 1 : 0;
}
