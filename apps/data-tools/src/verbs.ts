/** The verbs of `videor1-data`, in the order of work; each loads its own code when it is called. */
export const verbs: Readonly<Record<string, VerbEntry>> = {
  curate: {
    about: "choose records to a composition of buckets and sources, and by difficulty",
    load: async () => (await import("./curate/command.ts")).curateCommand,
  },
  split: {
    about: "split records into training and validation without leaks",
    load: async () => (await import("./split/command.ts")).splitCommand,
  },
};

interface VerbEntry {
  about: string;
  load(): Promise<(argv: readonly string[]) => Promise<void>>;
}
