import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a reply goes wrong. */
export type Fault =
  | { kind: "status"; status: number; headers?: Record<string, string>; body?: string }
  /** The connection stays open, and nothing more comes after these bytes. */
  | { kind: "stall"; after: number }
  /** The connection ends after these bytes. */
  | { kind: "cut"; after: number }
  | { kind: "wrong bytes" }
  /** The length that is told, and sent, is another one. */
  | { kind: "other length"; bytes: number }
  /** More bytes than the listing says, and no length told. */
  | { kind: "too many bytes" }
  | { kind: "ignores range" }
  | { kind: "wrong range" }
  | { kind: "redirect"; to: string };

export interface HubDoubleRequest {
  /** "hub" has the API and small files, "store" the large ones, as another host. */
  host: "hub" | "store";
  method: string;
  path: string;
  authorization: string | undefined;
  range: string | undefined;
}

export interface HubDoubleOptions {
  repo: string;
  repoType?: "dataset" | "model";
  /** Content by path; those of `largeFrom` bytes and more are LFS objects. */
  files: Readonly<Record<string, Buffer | string>>;
  largeFrom?: number;
  /** Entries of a page of the listing. */
  pageEntries?: number;
  /** A reply's fault; `nth` counts the requests of this address from 0. */
  fault?: (request: HubDoubleRequest, nth: number) => Fault | undefined;
  /** Answers for all but this token. */
  token?: { value: string; status: 401 | 403; code: string };
  /** What the listing says in place of what is true. */
  listing?: (entries: object[]) => unknown;
}

/** A double of the Hugging Face Hub, as far as listing and downloading go. */
export interface HubDouble {
  /** For HF_ENDPOINT. */
  endpoint: string;
  commit: string;
  requests: HubDoubleRequest[];
  /** Requests for contents, of either host, in a word each: its path and range. */
  downloads(): string[];
  close(): Promise<void>;
}

export const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
export const gitHash = (bytes: Buffer): string =>
  createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");

export async function startHubDouble(options: HubDoubleOptions): Promise<HubDouble> {
  const { repo, repoType = "dataset", largeFrom = 1000, pageEntries = 1000, token } = options;
  const files = Object.entries(options.files).map(([path, content]) => {
    const bytes = Buffer.from(content);
    const isLarge = bytes.length >= largeFrom;
    const pointer = Buffer.from(`oid ${sha256(bytes)}`);
    const lfs = { oid: sha256(bytes), size: bytes.length, pointerSize: 134 };
    const entry = { type: "file", oid: gitHash(isLarge ? pointer : bytes), size: bytes.length, path };
    return { path, bytes, isLarge, entry: isLarge ? { ...entry, lfs } : entry };
  });
  const folders = [
    ...new Set(
      files.flatMap(({ path }) =>
        path
          .split("/")
          .slice(0, -1)
          .map((_, i, parts) => parts.slice(0, i + 1).join("/")),
      ),
    ),
  ];
  const entries: object[] = [
    ...folders.map((path) => ({ type: "directory", oid: gitHash(Buffer.from(path)), size: 0, path })),
    ...files.map(({ entry }) => entry),
  ];
  const commit = createHash("sha1").update(JSON.stringify(entries)).digest("hex");
  const requests: HubDoubleRequest[] = [];
  const counts = new Map<string, number>();
  const api = `/api/${repoType}s/${repo}`;
  const resolve = `${repoType === "model" ? "" : "/datasets"}/${repo}/resolve/`;
  const addresses = { hub: "", store: "" };

  const answer = (host: "hub" | "store") => (incoming: IncomingMessage, response: ServerResponse) => {
    const { pathname: path, searchParams } = new URL(incoming.url!, "http://double");
    const { authorization, range } = incoming.headers;
    const request: HubDoubleRequest = { host, method: incoming.method!, path, authorization, range };
    requests.push(request);
    const key = `${host} ${incoming.method} ${incoming.url}`;
    const nth = counts.get(key) ?? 0;
    counts.set(key, nth + 1);
    const fault = options.fault?.(request, nth);
    const json = (value: unknown, headers: Record<string, string> = {}) =>
      response.writeHead(200, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
    const refuse = (status: number, code: string) =>
      response
        .writeHead(status, { "x-error-code": code, "x-error-message": code })
        .end(JSON.stringify({ error: code }));
    if (fault?.kind === "status") return response.writeHead(fault.status, fault.headers).end(fault.body ?? "");
    if (fault?.kind === "redirect") return response.writeHead(302, { location: fault.to }).end();
    if (host === "hub" && token !== undefined && authorization !== `Bearer ${token.value}`)
      return refuse(token.status, token.code);
    if (path.startsWith(`${api}/tree/`)) {
      if (path !== `${api}/tree/${commit}` && path !== `${api}/tree/main`) return refuse(404, "RevisionNotFound");
      const start = Number(searchParams.get("cursor") ?? 0);
      const next = new URL(`${addresses.hub}${path}?recursive=true&expand=false&cursor=${start + pageEntries}`);
      const page = entries.slice(start, start + pageEntries);
      const more = start + pageEntries < entries.length ? { link: `<${next}>; rel="next"` } : {};
      return json(options.listing?.(page) ?? page, more as Record<string, string>);
    }
    if (path === api || path.startsWith(`${api}/revision/`)) {
      const revision = decodeURIComponent(path.slice(`${api}/revision/`.length));
      if (path !== api && revision !== "main" && revision !== commit) return refuse(404, "RevisionNotFound");
      const siblings = files.map((file) => ({ rfilename: file.path }));
      const about = { private: false, gated: false, disabled: false, downloads: 0, likes: 0, tags: [] };
      return json({ _id: "1", id: repo, sha: commit, lastModified: "2025-03-28T00:00:00.000Z", siblings, ...about });
    }
    const asked =
      host === "store" ? path.slice(1) : decodeURIComponent(path.slice(resolve.length).replace(/^[^/]+\//, ""));
    const file = files.find((file) => (host === "store" ? sha256(file.bytes) === asked : file.path === asked));
    if (file === undefined || (host === "hub" && !path.startsWith(resolve)))
      return refuse(404, path.startsWith(resolve) ? "EntryNotFound" : "RepoNotFound");
    if (host === "hub") response.setHeader("x-repo-commit", commit);
    if (host === "hub" && file.isLarge) {
      const linked = { "x-linked-etag": `"${sha256(file.bytes)}"`, "x-linked-size": String(file.bytes.length) };
      return response
        .writeHead(302, { ...linked, location: `${addresses.store}/${sha256(file.bytes)}?signature=secret` })
        .end();
    }
    const etag = host === "store" ? sha256(file.bytes) : gitHash(file.bytes);
    send(response, request, file.bytes, `"${etag}"`, fault);
  };

  const servers: Server[] = [];
  for (const host of ["hub", "store"] as const) {
    const server = createServer(answer(host));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    // another name of this machine is another origin
    addresses[host] = `http://${host === "hub" ? "127.0.0.1" : "localhost"}:${(server.address() as AddressInfo).port}`;
    servers.push(server);
  }
  return {
    endpoint: addresses.hub,
    commit,
    requests,
    downloads: () =>
      requests
        .filter(({ host, path, method }) => method === "GET" && (host === "store" || path.includes("/resolve/")))
        .filter(
          ({ host, path }) =>
            host === "store" || !files.some((file) => file.isLarge && path.endsWith(`/${encodeURI(file.path)}`)),
        )
        .map(({ path, range }) => [path.split("/").at(-1)!, ...(range ? [range] : [])].join(" ")),
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
    },
  };
}

function send(
  response: ServerResponse,
  request: HubDoubleRequest,
  whole: Buffer,
  etag: string,
  fault: Fault | undefined,
): void {
  const start = Number(/^bytes=(\d+)-/.exec(request.range ?? "")?.[1] ?? 0);
  const isPart = request.range !== undefined && fault?.kind !== "ignores range";
  if (isPart && start >= whole.length && whole.length > 0) {
    response.writeHead(416, { "content-range": `bytes */${whole.length}` }).end();
    return;
  }
  const from = !isPart ? 0 : fault?.kind === "wrong range" ? start + 1 : start;
  let body = whole.subarray(from);
  if (fault?.kind === "wrong bytes")
    body = Buffer.from(body.map((byte, i) => (i === body.length - 1 ? byte ^ 1 : byte)));
  if (fault?.kind === "other length") body = Buffer.concat([body, Buffer.alloc(1000)]).subarray(0, fault.bytes);
  if (fault?.kind === "too many bytes") body = Buffer.concat([body, Buffer.from("more")]);
  response.writeHead(isPart ? 206 : 200, {
    etag,
    "accept-ranges": "bytes",
    "content-type": "application/octet-stream",
    ...(fault?.kind !== "too many bytes" && { "content-length": String(body.length) }),
    ...(isPart && { "content-range": `bytes ${from}-${whole.length - 1}/${whole.length}` }),
  });
  if (request.method === "HEAD") response.end();
  else if (fault?.kind === "cut") response.write(body.subarray(0, fault.after), () => response.destroy());
  else if (fault?.kind === "stall") response.write(body.subarray(0, fault.after));
  else response.end(body);
}
