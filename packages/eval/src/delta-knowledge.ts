/**
 * VideoMMMU's gain from a lecture: (adaptation - questionOnly) / (100 - questionOnly) · 100.
 *
 * @param adaptation - percent right with the lecture. @param questionOnly - percent right with the picture of the question alone.
 * @returns percent; null if everything was right without the lecture.
 */
export const deltaKnowledge = (adaptation: number, questionOnly: number): number | null =>
  questionOnly === 100 ? null : ((adaptation - questionOnly) / (100 - questionOnly)) * 100;
