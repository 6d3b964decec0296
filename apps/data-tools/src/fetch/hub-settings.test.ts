import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Environment, hubSettings } from "./hub-settings.ts";

const home = mkdtempSync(join(tmpdir(), "home-"));
afterAll(() => rmSync(home, { recursive: true }));

test.each<[Environment, object]>([
  [
    {},
    {
      endpoint: "https://huggingface.co",
      cache: join(home, ".cache/huggingface/hub"),
      isOffline: false,
      token: undefined,
    },
  ],
  [{ XDG_CACHE_HOME: "/x" }, { cache: "/x/huggingface/hub" }],
  [
    { HF_HOME: "~/hf", HF_HUB_OFFLINE: "yes" },
    { cache: join(home, "hf/hub"), isOffline: true },
  ],
  [{ HF_HOME: "/a", HUGGINGFACE_HUB_CACHE: "/b" }, { cache: "/b" }],
  [{ HUGGINGFACE_HUB_CACHE: "/b", HF_HUB_CACHE: "$DISK/c", DISK: "/d" }, { cache: "/d/c" }],
  [
    { HF_ENDPOINT: "https://mirror.example//", TRANSFORMERS_OFFLINE: "1" },
    { endpoint: "https://mirror.example", isOffline: true },
  ],
  [
    { HF_HUB_OFFLINE: "0", HF_TOKEN: " hf_a\n" },
    { isOffline: false, token: "hf_a" },
  ],
  [{ HUGGING_FACE_HUB_TOKEN: "hf_b" }, { token: "hf_b" }],
])("%j", (env, expected) => {
  expect(hubSettings({ HOME: home, ...env })).toMatchObject(expected);
});

test("the token of a login is read from its file; HF_HUB_DISABLE_IMPLICIT_TOKEN keeps back any", () => {
  writeFileSync(join(home, "token"), "hf_c\n");
  expect(hubSettings({ HF_HOME: home }).token).toBe("hf_c");
  expect(hubSettings({ HF_TOKEN_PATH: "~/token", HOME: home }).token).toBe("hf_c");
  expect(hubSettings({ HF_HOME: home, HF_TOKEN: "hf_d", HF_HUB_DISABLE_IMPLICIT_TOKEN: "1" }).token).toBeUndefined();
});
