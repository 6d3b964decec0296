/** Tasks whose clips have a coloured border that suggests an answer. */
export const borderTasks: ReadonlySet<string> = new Set(["direction", "order"]);

/** Whether a thought leans on the border: it has the word. */
export const leansOnBorder = (text: string): boolean => /\bborder\b/i.test(text);
