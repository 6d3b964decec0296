/** Where a record stands in its file. `line` exists for JSON Lines only. */
export interface RecordPlace {
  file: string;
  /** 0-based position among the records of the file. */
  index: number;
  /** 1-based line of a JSON Lines file. */
  line?: number;
}

/** A record of a data set breaks the Video-R1 record rules. `issues` lists every broken rule. */
export class RecordError extends Error {
  override readonly name = "RecordError";
  readonly code = "RECORD_INVALID";
  readonly place: RecordPlace;
  readonly problemId: number | string | undefined;
  readonly issues: readonly string[];
  readonly hint: string;

  constructor(
    place: RecordPlace,
    problemId: number | string | undefined,
    issues: readonly string[],
    options?: ErrorOptions,
  ) {
    const where = place.line === undefined ? `record ${place.index}` : `line ${place.line}`;
    const who = problemId === undefined ? "" : ` (problem_id ${problemId})`;
    super(`${place.file}, ${where}${who}: ${issues.join("; ")}`, options);
    this.place = place;
    this.problemId = problemId;
    this.issues = issues;
    this.hint =
      "Correct the record or take it out of the file; onInvalid=skip in the section data leaves such records out and names them.";
  }
}

/** A data set file cannot be read as a whole: absent, not JSON, cut short, or without records. */
export class DatasetError extends Error {
  override readonly name = "DatasetError";
  readonly code: "DATASET_NOT_FOUND" | "DATASET_BROKEN" | "DATASET_EMPTY";
  readonly file: string;
  /** 1-based line of the fault, where known. */
  readonly line: number | undefined;
  readonly hint: string;

  constructor(
    code: DatasetError["code"],
    { file, line, reason, hint }: { file: string; line?: number; reason: string; hint: string },
    options?: ErrorOptions,
  ) {
    super(`${file}${line === undefined ? "" : `, line ${line}`}: ${reason}`, options);
    this.code = code;
    this.file = file;
    this.line = line;
    this.hint = hint;
  }
}

/** A record names a media file that is not under the media root: missing, not a file, or outside of the root. */
export class MediaNotFoundError extends Error {
  override readonly name = "MediaNotFoundError";
  readonly code: "MEDIA_NOT_FOUND" | "MEDIA_OUTSIDE_ROOT";
  readonly path: string;
  readonly root: string;
  readonly hint: string;

  constructor(
    code: MediaNotFoundError["code"],
    { path, root, reason }: { path: string; root: string; reason: string },
    options?: ErrorOptions,
  ) {
    super(`Media "${path}": ${reason}`, options);
    this.code = code;
    this.path = path;
    this.root = root;
    this.hint =
      code === "MEDIA_NOT_FOUND"
        ? `Paths resolve against the media root ${root}; set it to the unpacked Video-R1-data folder.`
        : `Only files inside the media root ${root} are read; copy the file there and use its relative path.`;
  }
}

/** A media file exists but cannot be turned into the asked frames. Nothing is put in its place. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
  readonly code = "DECODE_FAILED";
  readonly path: string;
  readonly reason: string;
  readonly hint: string;

  constructor(path: string, reason: string, options?: ErrorOptions & { hint?: string }) {
    super(`Cannot decode ${path}: ${reason}`, options?.cause === undefined ? undefined : { cause: options.cause });
    this.path = path;
    this.reason = reason;
    this.hint = options?.hint ?? "Check the file with `ffprobe`; replace it, or leave its record out.";
  }
}

/** Frames that were prepared cannot be used as they are asked for. */
export class PreparedError extends Error {
  override readonly name = "PreparedError";
  readonly code: "PREPARED_FOLDER" | "PREPARED_MISSING" | "PREPARED_STALE" | "PREPARED_BROKEN";
  readonly hint: string;

  constructor(code: PreparedError["code"], folder: string, reason: string, options?: ErrorOptions) {
    super(`${folder}: ${reason}`, options);
    this.code = code;
    this.hint =
      code === "PREPARED_FOLDER"
        ? "Set media.prepared to a folder that videor1-data prepare has finished, or leave it out."
        : "Prepare the records again with the same settings (videor1-data prepare … overwrite=true), or set unprepared=decode in the section media.";
  }
}

/** Error code of a media failure -> its code in a run's ledger. */
export const mediaFailureCodes = {
  MEDIA_NOT_FOUND: "MEDIA_MISSING",
  MEDIA_OUTSIDE_ROOT: "MEDIA_MISSING",
  DECODE_FAILED: "MEDIA_UNREADABLE",
  PREPARED_FOLDER: "MEDIA_UNREADABLE",
  PREPARED_MISSING: "MEDIA_UNREADABLE",
  PREPARED_STALE: "MEDIA_UNREADABLE",
  PREPARED_BROKEN: "MEDIA_UNREADABLE",
} as const satisfies Record<(MediaNotFoundError | DecodeError | PreparedError)["code"], string>;

/** A video could not be written. */
export class EncodeError extends Error {
  override readonly name = "EncodeError";
  readonly code = "ENCODE_FAILED";
  readonly path: string;
  readonly reason: string;
  readonly hint = "Check that the folder exists and is writable, and that the FFmpeg in use has x264.";

  constructor(path: string, reason: string) {
    super(`Cannot encode ${path}: ${reason}`);
    this.path = path;
    this.reason = reason;
  }
}

/** Neither the `node-av` package nor the FFmpeg command line tools can be found. */
export class VideoBackendError extends Error {
  override readonly name = "VideoBackendError";
  readonly code = "VIDEO_BACKEND_MISSING";
  readonly backend: string;
  readonly hint =
    "`npm install node-av` (its binary holds a GPLv3 FFmpeg), or put `ffmpeg` and `ffprobe` on the PATH (`apt-get install ffmpeg`).";

  constructor(backend: string, options?: ErrorOptions) {
    super(`No video backend: ${backend} is not available`, options);
    this.backend = backend;
  }
}
