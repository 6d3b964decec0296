/** The verbs of `videor1-data`, in the order of work; each loads its own code when it is called. */
export const verbs: Readonly<Record<string, VerbEntry>> = {
  annotate: {
    about: "lets a served model write chains of thought",
    load: async () => (await import("./annotate/command.ts")).annotate,
  },
};

interface VerbEntry {
  about: string;
  load(): Promise<(argv: readonly string[]) => Promise<void>>;
}
