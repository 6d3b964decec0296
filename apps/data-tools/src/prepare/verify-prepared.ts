import { contentHash, mediaFiles, openPrepared, PreparedError, preparedKey } from "@videor1/data";
import { atOnce } from "../media/at-once.ts";
import type { MediaSettings } from "../media/media-keys.ts";
import { askedRecords } from "../media/survey.ts";

/** What was read again of a folder of prepared frames. */
export interface Verified {
  /** Clips whose bytes are those that were written, of media files that still hold what they held. */
  sound: number;
  /** Code -> clips. */
  faults: Record<string, number>;
  /** The first of them, in words. */
  first: string[];
}

const mostNamed = 20;

/** Reads all prepared frames and hashes all media files again. */
export async function verifyPrepared(
  settings: MediaSettings,
  folder: string,
  { concurrency, signal }: { concurrency: number; signal: AbortSignal },
): Promise<Verified> {
  const prepared = await openPrepared(folder);
  const seen = new Set<string>();
  const verified: Verified = { sound: 0, faults: {}, first: [] };
  await atOnce(askedRecords(settings, preparedKey), concurrency, async ({ asked = [] }) => {
    for (const { key, request } of asked) {
      signal.throwIfAborted();
      const { item } = request;
      if (seen.has(key)) continue;
      seen.add(key);
      try {
        const entry = await prepared.find(key);
        if (entry === undefined) throw new PreparedError("PREPARED_MISSING", folder, `holds no frames of ${item.path}`);
        if ("failed" in entry) continue;
        const content = await contentHash(await mediaFiles(settings.media.mediaRoot, item));
        if (content !== entry.content)
          throw new PreparedError("PREPARED_STALE", folder, `${item.path} has changed since its frames were prepared`);
        await prepared.read(entry);
        verified.sound += 1;
      } catch (error) {
        const { code = "UNREADABLE", message } = error as Error & { code?: string };
        verified.faults[code] = (verified.faults[code] ?? 0) + 1;
        if (verified.first.length < mostNamed) verified.first.push(message);
      }
    }
  });
  return verified;
}
