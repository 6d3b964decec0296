/** The verbs of `videor1-data`, in the order of work; each loads its own code when it is called. */
export const verbs: Readonly<Record<string, VerbEntry>> = {
  inspect: {
    about: "shows what a data set consists of, in tables and on a page",
    load: async () => (await import("./inspect/command.ts")).inspect,
  },
  lint: {
    about: "says what is wrong with a data set before training, and mends what is safe to mend",
    load: async () => (await import("./lint/command.ts")).lint,
  },
};

interface VerbEntry {
  about: string;
  load(): Promise<(argv: readonly string[]) => Promise<void>>;
}
