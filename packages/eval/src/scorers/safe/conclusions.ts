import { strip } from "@videor1/rewards";

const answerWord =
  "answer|ans\\b|答案|答え|正解|정답|답|respuesta|réponse|reponse|resposta|risposta|antwort|ответ|الإجابة|الجواب";
const joint = "(?:is|are|was|be|would be|should be|must be|es|est|é|è|ist|lautet)(?!\\p{L})|[是为為は은는]";

const longest = 1000;

/** `The answer is`, `Final answer:`, `答案是`; group 1 tells a final one. */
const announcement = new RegExp(
  `((?:final|最终)\\s*)?(?:${answerWord})\\s*(?:(?:${joint})\\s*[:：]?|[:：=])\\s*`,
  "giu",
);

/**
 * What follows each announcement of an answer in its line, in order, each once, 1,000 characters at most; only the final
 * ones where some are called final.
 * `Therefore, the answer is C.` concludes `C.`
 */
export function conclusions(text: string): string[] {
  const found = [...text.matchAll(announcement)].map(({ 0: all, 1: final, index }) => {
    const start = index + all.length;
    const clause = withoutAnnouncement(strip(text.slice(start, start + longest).split("\n", 1)[0]!));
    return { isFinal: final !== undefined, clause };
  });
  const stated = found.filter(({ clause }) => clause !== "");
  const finals = stated.filter(({ isFinal }) => isFinal);
  return [...new Set((finals.length > 0 ? finals : stated).map(({ clause }) => clause))];
}

const announcedAgain = new RegExp(`^${announcement.source}`, "iu");

/** `Answer: C` behind `The final answer is:` is C. */
const withoutAnnouncement = (clause: string): string => clause.replace(announcedAgain, "");
