import { loadConfig } from "@videor1/cli";
import { MediaOptions } from "@videor1/data";
import { z } from "zod";
import { givenKeys } from "./given-keys.ts";

/** The settings of a verb that decodes media as training does. */
export const mediaKeys = {
  records: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe("File of records, or a list of them; default: those that config names"),
  mediaRoot: z.string().optional().describe("Folder that the records' paths start from; default: that of config"),
  config: z
    .string()
    .optional()
    .describe("Config of npm run sft, rl or bench: its section data.media and its seed hold where none is given here"),
  media: givenKeys(MediaOptions.omit({ mediaRoot: true, prepared: true, unprepared: true }))
    .optional()
    .describe("Frames and sizes as in a training config's data.media"),
  seed: z
    .int()
    .optional()
    .describe("Of training, for the choice among several nframes; default that of config, else 42"),
  rules: z.enum(["video-r1", "safe"]).default("video-r1").describe("Of the rewards that the solutions are for"),
};

const MediaKeys = z.object(mediaKeys);

/** Which records, and how their media are decoded. */
export interface MediaSettings {
  records: string[];
  media: MediaOptions;
  seed: number;
  rules: z.output<typeof MediaKeys>["rules"];
}

const TrainingConfig = z.looseObject({
  seed: z.int().optional(),
  data: z.looseObject({
    records: z.string().optional(),
    phases: z.array(z.looseObject({ records: z.string() })).optional(),
    media: MediaOptions,
  }),
});

/** A setting that is neither given nor in the config. */
export class MissingSettingError extends Error {
  override readonly name = "MissingSettingError";
  readonly code = "SETTING_MISSING";
  readonly hint: string;

  constructor(key: string, hint: string) {
    super(`${key} is missing`);
    this.hint = hint;
  }
}

/**
 * The settings given over those of the training config, with the defaults of training for all others; frames that are prepared
 * are not among them: media are decoded.
 *
 * @throws {MissingSettingError} If there are no records, or no media root. @throws {ConfigError} As `loadConfig`.
 */
export function mediaSettings(given: z.output<typeof MediaKeys>): MediaSettings {
  const config = given.config === undefined ? undefined : loadConfig(TrainingConfig, given.config);
  const records = given.records ?? config?.data.records ?? config?.data.phases?.map((phase) => phase.records);
  const mediaRoot = given.mediaRoot ?? config?.data.media.mediaRoot;
  if (records === undefined) throw new MissingSettingError("records", "Name a file of records, or config=FILE.");
  if (mediaRoot === undefined)
    throw new MissingSettingError("mediaRoot", "Give mediaRoot=FOLDER, or config=FILE with data.media.mediaRoot.");
  const own = defined(given.media);
  const decoder = { ...config?.data.media.decoder, ...defined(own.decoder) };
  const { prepared, ...media } = MediaOptions.parse({ ...config?.data.media, ...own, mediaRoot, decoder });
  return { records: [records].flat(), media, seed: given.seed ?? config?.seed ?? 42, rules: given.rules };
}

const defined = (value: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(Object(value) as object).filter(([, own]) => own !== undefined));
