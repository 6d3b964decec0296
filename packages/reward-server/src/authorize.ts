import { createHash, timingSafeEqual } from "node:crypto";
import { RequestError } from "./request-error.ts";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** The secret in an Authorization header: a Bearer token, or the password of Basic, which URLs can carry. */
function secretIn(header: string): string | undefined {
  const [scheme, value] = header.trim().split(/\s+/, 2);
  if (value === undefined) return undefined;
  if (scheme!.toLowerCase() === "bearer") return value;
  if (scheme!.toLowerCase() !== "basic") return undefined;
  const pair = Buffer.from(value, "base64").toString("utf8");
  return pair.includes(":") ? pair.slice(pair.indexOf(":") + 1) : undefined;
}

/**
 * Returns a check of the Authorization header against `token`, in a time that does not depend on where they differ.
 * Without a token every request passes.
 *
 * @throws {RequestError} 401, from the check.
 */
export function authorizer(token: string | undefined): (header: string | undefined) => void {
  if (token === undefined) return () => {};
  const expected = digest(token);
  return (header) => {
    const secret = header === undefined ? undefined : secretIn(header);
    if (secret !== undefined && timingSafeEqual(digest(secret), expected)) return;
    throw new RequestError(
      401,
      "unauthorized",
      header === undefined ? "This server wants a token." : "The token is not this server's.",
      "Send `Authorization: Bearer <token>`; a client that takes only a URL can use http://token:<token>@host/.",
      {},
      { "www-authenticate": 'Bearer realm="videor1-rewards"' },
    );
  };
}

/** Whether only this machine can reach `host`. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
