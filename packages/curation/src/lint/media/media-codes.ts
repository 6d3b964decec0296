import type { Code } from "../check.ts";

/** What is found by reading media, which `media=true` asks for. */
export const mediaCodes = {
  missing: {
    code: "MEDIA_MISSING",
    level: "error",
    about: "media are not under the media root",
    remedy: "Fetch or unpack them, correct mediaRoot or the paths, or leave the records out.",
  },
  unreadable: {
    code: "MEDIA_UNREADABLE",
    level: "error",
    about: "media cannot be decoded",
    remedy: "Fetch them again, or move their records away: videor1-data check and quarantine do so.",
  },
  short: {
    code: "MEDIA_SHORT",
    level: "warning",
    about: "videos have fewer frames than nframes",
    remedy: "Train with clampNframes=true in the section media, ask for fewer frames, or leave the records out.",
  },
  copy: {
    code: "MEDIA_COPY",
    level: "warning",
    about: "media are the same file as an earlier one under another path",
    remedy: "Name one of the files in all records, so that splits by media see that they are one.",
  },
  alike: {
    code: "MEDIA_ALIKE",
    level: "warning",
    about: "media look as an earlier one does, such as another encoding of it",
    remedy: "Look at both; where they are the same, name one of the files in all records.",
  },
  leakContent: {
    code: "LEAK_CONTENT",
    level: "error",
    about: "media are the same file as one of another data set",
    remedy: "Leave their records out of one of the two.",
  },
  leakPixels: {
    code: "LEAK_PIXELS",
    level: "warning",
    about: "media look as one of another data set does, such as another encoding of it",
    remedy: "Look at both; where they are the same, leave their records out of one of the two.",
  },
} as const satisfies Record<string, Code>;
