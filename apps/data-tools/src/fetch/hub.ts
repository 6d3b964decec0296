import { setTimeout as sleep } from "node:timers/promises";
import { guardedFetch } from "./guarded-fetch.ts";
import { type HubRequest, replyError } from "./hub-error.ts";
import type { HubSettings } from "./hub-settings.ts";
import { type RetryOptions, withRetries } from "./retry.ts";

export type RepoType = "dataset" | "model";

/** A revision of a repository at a Hub, and how it is asked. */
export interface Hub {
  settings: HubSettings;
  repo: string;
  repoType: RepoType;
  revision: string;
  retry: RetryOptions;
  /** A reply that is a success. @throws {PassingError} If another try may succeed. @throws {DataToolError} If only the user can help. */
  fetchOnce(url: string, init: RequestInit | undefined, path?: string): Promise<Response>;
  /** `fetch` for @huggingface/hub: tries again, and replies only with success. */
  fetch: typeof fetch;
}

export interface HubOptions {
  settings: HubSettings;
  repo: string;
  repoType: RepoType;
  revision: string;
  retries: number;
  stallMs: number;
  signal: AbortSignal;
  onRetry?: (message: string, milliseconds: number) => void;
  /** For tests. */
  sleep?: (milliseconds: number) => Promise<void>;
}

export function openHub({
  settings,
  repo,
  repoType,
  revision,
  retries,
  stallMs,
  signal,
  onRetry,
  ...rest
}: HubOptions): Hub {
  const { endpoint, token } = settings;
  const guarded = guardedFetch({ endpoint, token, signal, stallMs });
  const retry: RetryOptions = {
    retries,
    signal,
    sleep: rest.sleep ?? ((milliseconds) => sleep(milliseconds, undefined, { signal })),
    ...(onRetry && { onRetry }),
  };
  const request: HubRequest = { repo, revision, hasToken: token !== undefined };
  const fetchOnce: Hub["fetchOnce"] = async (url, init, path) => {
    const response = await guarded(url, init);
    if (response.ok || response.status === 416) return response;
    await response.body?.cancel();
    throw replyError(response, { ...request, ...(path !== undefined && { path }) });
  };
  return {
    settings,
    repo,
    repoType,
    revision,
    retry,
    fetchOnce,
    fetch: async (input, init) => await withRetries(() => fetchOnce(String(input), init), retry),
  };
}
