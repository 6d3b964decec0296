import type { RepoFile } from "./list-repo.ts";

/** A content that is fetched once, with all files that have it. */
export interface Job {
  file: RepoFile;
  paths: string[];
}

/** Where fetched files are kept. */
export interface Store {
  /** The folder in which the files are. */
  readonly folder: string;
  /** What is fetched, of these files. */
  jobs(files: readonly RepoFile[]): Job[];
  /** Whether a job's files are there; those that need nothing but a link or a copy are made. */
  isThere(job: Job): Promise<boolean>;
  /** Where its bytes are gathered. */
  part(job: Job): string;
  /** Puts the gathered bytes in their place. */
  finish(job: Job): void;
}
