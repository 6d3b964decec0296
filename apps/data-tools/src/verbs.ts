/** The verbs of `videor1-data`, in the order of work; each loads its own code when it is called. */
export const verbs: Readonly<Record<string, VerbEntry>> = {
  annotate: {
    about: "lets a served model write chains of thought",
    load: async () => (await import("./annotate/command.ts")).annotate,
  },
  filter: {
    about: "keeps the annotated records that are worth learning from",
    load: async () => (await import("./filter/command.ts")).filter,
  },
};

interface VerbEntry {
  about: string;
  load(): Promise<(argv: readonly string[]) => Promise<void>>;
}
