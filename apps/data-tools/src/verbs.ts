/** The verbs of `videor1-data`, in the order of work; each loads its own code when it is called. */
export const verbs: Readonly<Record<string, VerbEntry>> = {
  convert: {
    about: "any questions about videos and images into records, and back",
    load: async () => (await import("./convert/command.ts")).command,
  },
};

interface VerbEntry {
  about: string;
  load(): Promise<(argv: readonly string[]) => Promise<void>>;
}
