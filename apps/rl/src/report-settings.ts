import { RlConfig } from "./config.ts";
import { tgrpoOptions } from "./options.ts";

/** What a report needs of the config of an RL run. */
export const reportSettings = RlConfig.transform((config) => ({
  seed: config.seed,
  mediaRoot: config.data.media.mediaRoot,
  scoring: tgrpoOptions(config).tgrpo,
}));
