/** The verbs of `videor1-data`, in the order of work; each loads its own code when it is called. */
export const verbs: Readonly<Record<string, VerbEntry>> = {
  check: {
    about: "decodes every record's media as training will, and keeps a ledger of frames and hashes",
    load: async () => (await import("./check/command.ts")).check,
  },
  quarantine: {
    about: "moves the records that failed a check into a file of their own, with the reason",
    load: async () => (await import("./quarantine/command.ts")).quarantine,
  lint: {
    about: "says what is wrong with a data set before training, and mends what is safe to mend",
    load: async () => (await import("./lint/command.ts")).lint,
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
