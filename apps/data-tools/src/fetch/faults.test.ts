import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { fetchCase, files } from "../../test/fetch-case.ts";
import { type Fault, sha256 } from "../../test/hub-double.ts";
import { retryAfterMs } from "./hub-error.ts";

const blob = sha256(files["NeXT-QA/videos.zip"]);
const one = { include: ["*/videos.zip"] };

describe("what passes is tried again, and what has come is kept", () => {
  const first = (fault: Fault) => (host: string, nth: number) => (host === "store" && nth === 0 ? fault : undefined);
  test.each<[string, Fault, string[], string]>([
    ["503", { kind: "status", status: 503 }, [blob, blob], "the Hub answers 503"],
    ["a cut", { kind: "cut", after: 100_000 }, [blob, `${blob} bytes=100000-`], "no connection to"],
    ["a shorter file", { kind: "other length", bytes: 1000 }, [blob, blob], "lists 300000 bytes and sends 1000"],
    ["a longer file", { kind: "other length", bytes: 300_500 }, [blob, blob], "lists 300000 bytes and sends 300500"],
    ["a longer file of unknown length", { kind: "too many bytes" }, [blob, blob], "lists 300000 bytes and sends more"],
  ])("%s", async (_, fault, downloads, said) => {
    const test = await fetchCase({ fault: ({ host }, nth) => first(fault)(host, nth) });
    expect(await test.fetch(one)).toMatchObject({ fetched: 1, failed: 0 });
    expect(test.double.downloads()).toEqual(downloads);
    expect(test.said).toEqual([expect.stringContaining(said)]);
    expect(test.waits).toEqual([1000]);
  });

  test.each([70_000, 0])("a stall after %i bytes", async (after) => {
    const { double, fetch, said } = await fetchCase({
      fault: ({ host }, nth) => first({ kind: "stall", after })(host, nth),
    });
    expect(await fetch({ ...one, stallSeconds: 1 })).toMatchObject({ fetched: 1 });
    expect(double.downloads().slice(0, 2)).toEqual([blob, after > 0 ? `${blob} bytes=70000-` : blob]);
    expect(said[0]).toBe("no byte for 1 seconds; again in 1 s");
  });

  test("content of a wrong hash is fetched anew", async () => {
    const { double, fetch } = await fetchCase({ fault: ({ host }, nth) => first({ kind: "wrong bytes" })(host, nth) });
    expect(await fetch(one)).toMatchObject({ fetched: 1 });
    expect(double.downloads()).toEqual([blob, blob]);
  });

  test.each(["ignores range", "wrong range"] as const)("a Hub that %s", async (kind) => {
    const { double, fetch } = await fetchCase({
      fault: ({ host }, nth) =>
        host !== "store" || nth > 1 ? undefined : nth === 0 ? { kind: "cut", after: 100_000 } : { kind },
    });
    expect(await fetch(one)).toMatchObject({ fetched: 1 });
    expect(double.downloads().slice(0, 2)).toEqual([blob, `${blob} bytes=100000-`]);
  });

  test("Retry-After is waited, in seconds or until a date", async () => {
    const now = Date.UTC(2026, 0, 1);
    expect(retryAfterMs(new Date(now + 3000).toUTCString(), now)).toBe(3000);
    const { waits, fetch } = await fetchCase({
      fault: ({ path }, nth) =>
        path.includes("/tree/") && nth < 2
          ? { kind: "status", status: 429, headers: { "retry-after": nth === 0 ? "7" : "3" } }
          : undefined,
    });
    expect(await fetch(one)).toMatchObject({ fetched: 1 });
    expect(waits.slice(0, 2)).toEqual([7000, 3000]);
    expect(waits).toHaveLength(6); // three pages, two waits each
  });

  test("many cuts of one file, each after some bytes, are no reason to give up", async () => {
    const { double, fetch } = await fetchCase({
      fault: ({ host }, nth) => (host === "store" && nth < 20 ? { kind: "cut", after: 10_000 } : undefined),
    });
    expect(await fetch({ ...one, retries: 1 })).toMatchObject({ fetched: 1, received: 300_000 });
    expect(double.downloads()).toHaveLength(21);
  });

  test("an answer to the listing that is no JSON, or other JSON, is asked for again", async () => {
    const { fetch, said } = await fetchCase({
      fault: ({ path }, nth) => {
        const body = ["<html>", '[{"type": "file", "path": 7}]', '{"error": "x"}'][nth];
        return path.includes("/tree/") && body !== undefined ? { kind: "status", status: 200, body } : undefined;
      },
    });
    expect(await fetch(one)).toMatchObject({ fetched: 1 });
    expect(said.join("\n")).toContain("the Hub's answer makes no sense (0.path: ".replace("0.", ""));
  });
});

describe("what does not pass ends in one error", () => {
  const always = (kind: "wrong bytes") => ({
    fault: ({ host }: { host: string }) => (host === "store" ? ({ kind } as Fault) : undefined),
  });

  test("content that stays wrong fails its file and no other", async () => {
    const { fetch } = await fetchCase({
      fault: ({ path }) => (path === `/${blob}` ? { kind: "wrong bytes" } : undefined),
    });
    const result = await fetch();
    expect(result).toMatchObject({ fetched: 5, failed: 1 });
    expect(result.failures).toMatchObject([{ path: "NeXT-QA/videos.zip", code: "FETCH_HASH" }]);
    const other = await fetchCase(always("wrong bytes"));
    expect(await other.fetch()).toMatchObject({ fetched: 3, failed: 3 });
  });

  test("a file that is always cut at the same byte fails after its tries", async () => {
    const { double, fetch } = await fetchCase({
      fault: ({ host, range }) =>
        host === "store" ? (range ? { kind: "cut", after: 0 } : { kind: "cut", after: 1000 }) : undefined,
    });
    const result = await fetch({ ...one, retries: 2 });
    expect(result.failures).toMatchObject([{ code: "FETCH_LOST", reason: expect.stringContaining("again and again") }]);
    expect(double.downloads()).toEqual([blob, ...Array(2).fill(`${blob} bytes=1000-`)]);
  });

  test("a Hub that goes on failing", async () => {
    const { fetch, waits } = await fetchCase({ fault: () => ({ kind: "status", status: 500 }) });
    await expect(fetch({ retries: 3 })).rejects.toMatchObject({ code: "FETCH_LOST" });
    expect(waits.slice(0, 3)).toEqual([1000, 2000, 4000]);
  });

  test("a Hub that is not there", async () => {
    const { fetch } = await fetchCase();
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await new Promise((done) => server.close(done));
    await expect(fetch({ retries: 1 }, { endpoint })).rejects.toThrow("(ECONNREFUSED), again and again");
  });

  test.each<[string, (page: object[]) => unknown, string]>([
    ["no list", () => ({ files: [] }), "FETCH_NONSENSE"],
    ["a negative size", (page) => page.map((entry) => ({ ...entry, size: -1 })), "FETCH_NONSENSE"],
    ["no hash", (page) => page.map((entry) => ({ ...entry, oid: "../../x", lfs: undefined })), "FETCH_NONSENSE"],
    ["a file twice", (page) => [...page, ...page], "FETCH_NONSENSE"],
  ])("a listing with %s", async (_, listing, code) => {
    const { fetch } = await fetchCase({ listing });
    await expect(fetch({ retries: 1 })).rejects.toMatchObject({ code });
  });

  test("a listing without end", async () => {
    const { fetch } = await fetchCase({
      fault: ({ path }) => {
        const link = `<http://127.0.0.1${path}?cursor=1>; rel="next"`;
        return path.includes("/tree/") ? { kind: "status", status: 200, headers: { link }, body: "[]" } : undefined;
      },
    });
    await expect(fetch({ retries: 1 })).rejects.toMatchObject({ code: expect.stringMatching(/FETCH_(LOST|NONSENSE)/) });
  });

  test("redirects without end, or to a file", async () => {
    const circle = await fetchCase({
      fault: ({ host }) => (host === "store" ? { kind: "redirect", to: "/again" } : undefined),
    });
    await expect(circle.fetch(one)).rejects.toThrow("redirects without end");
    const file = await fetchCase({
      fault: ({ host }) => (host === "store" ? { kind: "redirect", to: "file:///etc/passwd" } : undefined),
    });
    await expect(file.fetch(one)).rejects.toThrow("redirects to file:");
  });
});

describe("tokens", () => {
  test.each([
    [403, "GatedRepo", "FETCH_GATED", "access has to be granted (403)"],
    [401, "GatedRepo", "FETCH_GATED", "access has to be granted (401)"],
    [401, "RepoNotFound", "FETCH_NOT_FOUND", "there is no such repository, or it is private (401)"],
  ] as const)("%i %s says what to do", async (status, code, expected, message) => {
    const { fetch } = await fetchCase({ token: { value: "hf_right", status, code } });
    const none = await fetch().catch((error) => error);
    expect(none).toMatchObject({ code: expected, message: expect.stringContaining(message) });
    expect(none.hint).toContain("No token was sent: set HF_TOKEN");
    const wrong = await fetch({}, { token: "hf_wrong-secret" }).catch((error) => error);
    expect(wrong.hint).toContain("may not read it");
    expect(JSON.stringify({ ...wrong, message: wrong.message, stack: wrong.stack })).not.toContain("secret");
  });

  test("a token goes to the Hub alone, never to where it redirects", async () => {
    const { double, fetch, said } = await fetchCase({
      token: { value: "no-hf-prefix", status: 401, code: "RepoNotFound" },
    });
    const result = await fetch({}, { token: "no-hf-prefix" });
    expect(result).toMatchObject({ fetched: 6 });
    const sent = (host: string) =>
      new Set(double.requests.filter((request) => request.host === host).map(({ authorization }) => authorization));
    expect([...sent("hub")]).toEqual(["Bearer no-hf-prefix"]);
    expect([...sent("store")]).toEqual([undefined]);
    expect(JSON.stringify([result, said])).not.toContain("no-hf-prefix");
  });
});
