import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What Python's huggingface_hub reads from the environment, read alike. */
export interface HubSettings {
  /** Without a slash at its end. */
  endpoint: string;
  cache: string;
  isOffline: boolean;
  /** Never shown, and sent to the endpoint alone. */
  token: string | undefined;
}

/** Settings of the Hub by HF_ENDPOINT, HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_TOKEN_PATH, HF_HUB_OFFLINE and what stands for them. */
export function hubSettings(env: Environment = process.env): HubSettings {
  const home = env.HF_HOME || join(env.XDG_CACHE_HOME || join("~", ".cache"), "huggingface");
  const cache = env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE || join(home, "hub");
  return {
    endpoint: (env.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, ""),
    cache: expand(cache, env),
    isOffline: isTrue(env.HF_HUB_OFFLINE || env.TRANSFORMERS_OFFLINE),
    token: tokenOf(env, expand(home, env)),
  };
}

const isTrue = (value: string | undefined): boolean => /^(1|on|yes|true)$/i.test(value ?? "");

/** `~` and variables as the shell has them. */
function expand(path: string, env: Environment): string {
  const home = path.replace(/^~(?=\/|$)/, env.HOME || homedir());
  return home.replace(/\$(\w+)|\$\{(\w+)\}/g, (whole, bare?: string, braced?: string) => env[bare ?? braced!] ?? whole);
}

function tokenOf(env: Environment, home: string): string | undefined {
  const clean = (text: string | undefined) => text?.replace(/[\r\n]/g, "").trim() || undefined;
  if (isTrue(env.HF_HUB_DISABLE_IMPLICIT_TOKEN)) return undefined;
  const own = clean(env.HF_TOKEN || env.HUGGING_FACE_HUB_TOKEN);
  if (own !== undefined) return own;
  try {
    return clean(readFileSync(expand(env.HF_TOKEN_PATH || join(home, "token"), env), "utf8"));
  } catch {
    return undefined; // nobody has logged in
  }
}
