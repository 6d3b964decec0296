/** The verbs of `videor1-data`, in the order of work; each loads its own code when it is called. */
export const verbs: Readonly<Record<string, VerbEntry>> = {
  check: {
    about: "decodes every record's media as training will, and keeps a ledger of frames and hashes",
    load: async () => (await import("./check/command.ts")).check,
  },
  quarantine: {
    about: "moves the records that failed a check into a file of their own, with the reason",
    load: async () => (await import("./quarantine/command.ts")).quarantine,
  },
  prepare: {
    about: "decodes and resizes all frames once, into shards that training reads without decoding",
    load: async () => (await import("./prepare/command.ts")).prepare,
  },
};

interface VerbEntry {
  about: string;
  load(): Promise<(argv: readonly string[]) => Promise<void>>;
}
