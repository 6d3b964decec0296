/** One entry of an archive, whichever its kind. */
export interface ArchiveEntry {
  /** As it stands in the archive; nothing has checked it. */
  name: string;
  kind: "file" | "folder" | "symbolic link" | "hard link" | "other";
  /** What the archive says of the size of its content. */
  bytes: number;
  /** CRC-32 of the content, where the archive has it. */
  crc?: number;
  isExecutable: boolean;
  modified: Date;
  /** Of a hard link the name of another entry, of a symbolic link (in a tar) its text. */
  linkTo?: string;
  /** Why the content cannot be read. */
  fault?: string;
  /** The content; an error while it is read is one of the archive. */
  read(): AsyncIterable<Buffer>;
  /** Passes over the content, where the archive is read in order. */
  skip(): Promise<void>;
}

/** Reads an archive; entries are valid until the next one is taken. */
export interface ReadArchiveOptions {
  /** Called with the bytes of the archive that are behind the reader. */
  onPosition?: (bytes: number) => void;
  /** Called with the bytes that decompression has made; throws to end the reading. */
  onUnpacked?: (bytes: number) => void;
}

/** A time that a file can have: that of an archive, or 1970 where that is none. */
export function fileTime(time: Date): Date {
  const seconds = time.getTime() / 1000;
  return seconds >= 0 && seconds < 2 ** 33 ? time : new Date(0);
}
