/** The verbs of `videor1-data`, in the order of work; each loads its own code when it is called. */
export const verbs: Readonly<Record<string, VerbEntry>> = {
  fetch: {
    about: "download a data set or a model from the Hugging Face Hub",
    load: () => import("./fetch/command.ts"),
  },
  unpack: {
    about: "unpack archives, whole or in parts",
    load: () => import("./unpack/command.ts"),
  },
  convert: {
    about: "make records of any questions about videos and images, and other forms of records",
    load: () => import("./convert/command.ts"),
  },
  inspect: {
    about: "say what a data set consists of, with a page of plots and frames",
    load: () => import("./inspect/command.ts"),
  },
  lint: {
    about: "say what is wrong with a data set before training, and mend what is safe to mend",
    load: () => import("./lint/command.ts"),
  },
  check: {
    about: "decode every record's media as training will, and keep a ledger of frames and hashes",
    load: () => import("./check/command.ts"),
  },
  quarantine: {
    about: "move the records that failed a check into a file of their own, with the reason",
    load: () => import("./quarantine/command.ts"),
  },
  curate: {
    about: "choose records to a composition of buckets and sources, and by difficulty",
    load: () => import("./curate/command.ts"),
  },
  split: {
    about: "split records into training and validation without leaks",
    load: () => import("./split/command.ts"),
  },
  annotate: {
    about: "let a served model write chains of thought",
    load: () => import("./annotate/command.ts"),
  },
  filter: {
    about: "keep the annotated records that are worth learning from",
    load: () => import("./filter/command.ts"),
  },
  prepare: {
    about: "decode and resize all frames once, into shards that training reads without decoding",
    load: () => import("./prepare/command.ts"),
  },
};

interface VerbEntry {
  about: string;
  load(): Promise<{ command(argv: readonly string[]): Promise<void> }>;
}
