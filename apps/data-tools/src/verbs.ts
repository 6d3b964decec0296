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
};

interface VerbEntry {
  about: string;
  load(): Promise<(argv: readonly string[]) => Promise<void>>;
}
