/** The verbs of `videor1-data`, in the order of work; each loads its own code when it is called. */
export const verbs: Readonly<Record<string, VerbEntry>> = {
  fetch: {
    about: "fetch data sets from the Hugging Face Hub",
    load: async () => (await import("./fetch/command.ts")).fetch,
  },
  unpack: {
    about: "unpack archives, whole or in parts",
    load: async () => (await import("./unpack/command.ts")).unpack,
  },
  convert: {
    about: "make records of any questions about videos and images, and other forms of records",
    load: async () => (await import("./convert/command.ts")).command,
  },
  lint: {
    about: "say what is wrong with a data set before training, and mend what is safe to mend",
    load: async () => (await import("./lint/command.ts")).lint,
  },
  check: {
    about: "decode every record's media as training will, and keep a ledger of frames and hashes",
    load: async () => (await import("./check/command.ts")).check,
  },
  quarantine: {
    about: "move the records that failed a check into a file of their own, with the reason",
    load: async () => (await import("./quarantine/command.ts")).quarantine,
  },
  curate: {
    about: "choose records to a composition of buckets and sources, and by difficulty",
    load: async () => (await import("./curate/command.ts")).curateCommand,
  },
  split: {
    about: "split records into training and validation without leaks",
    load: async () => (await import("./split/command.ts")).splitCommand,
  },
  annotate: {
    about: "let a served model write chains of thought",
    load: async () => (await import("./annotate/command.ts")).annotate,
  },
  filter: {
    about: "keep the annotated records that are worth learning from",
    load: async () => (await import("./filter/command.ts")).filter,
  },
};

interface VerbEntry {
  about: string;
  load(): Promise<(argv: readonly string[]) => Promise<void>>;
}
