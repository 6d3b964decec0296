// A stop loses nothing: what is in flight is finished, what comes later is refused in a way that clients retry.
import { once } from "node:events";
import { expect, test } from "vitest";
import { serve } from "../src/serve.ts";
import { eventually, item, post, rawConnection } from "./client.ts";
import { ended, runCli, startServer } from "./start-cli.ts";

const body = JSON.stringify({ items: [item("kept")] });
const head = `POST /v1/score HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s: a request in flight is answered, then the process ends with 0",
  async (signal) => {
    const { child, url } = await startServer();
    const end = ended(child);
    const idle = await rawConnection(url);
    const { socket, received } = await rawConnection(url);
    socket.write(head + body.slice(0, 10));
    await eventually(async () => (await (await fetch(`${url}/healthz`)).text()).includes('"inFlight":1'));
    child.kill(signal);
    await idle.received; // idle connections are closed at once
    await expect(fetch(`${url}/healthz`)).rejects.toThrow(); // and no new ones are taken
    socket.write(body.slice(10));
    const answer = await received;
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer).toMatch(/connection: close/i);
    expect(answer).toContain('"id":"kept"');
    const { code, stderr } = await end;
    expect(code).toBe(0);
    expect(stderr).toContain(`${signal}: finishing`);
  },
);

test("a second signal ends it at once", async () => {
  const { child, url } = await startServer();
  const end = ended(child);
  const { socket } = await rawConnection(url);
  socket.write(head);
  await eventually(async () => (await (await fetch(`${url}/healthz`)).text()).includes('"inFlight":1'));
  child.kill("SIGTERM");
  await eventually(() =>
    fetch(`${url}/healthz`).then(
      () => false,
      () => true,
    ),
  );
  child.kill("SIGINT");
  await end;
  expect(child.signalCode).toBe("SIGINT");
});

test("on a connection that is kept open, a new request gets 503 with retry-after while the server stops", async () => {
  const server = await serve({ port: 0 });
  const { socket, received } = await rawConnection(server.url);
  socket.write(head + body.slice(0, 10));
  await eventually(async () => (await (await fetch(`${server.url}/healthz`)).text()).includes('"inFlight":1'));
  const late = await rawConnection(server.url);
  late.socket.write("POST /v1/score HTTP/1.1\r\nhost: x\r\n"); // begun before the stop, whole after it
  for (let i = 0; i < 2; i++) await fetch(`${server.url}/healthz`); // answered after it has read what came before
  const stopped = server.stop();
  late.socket.write(head.slice(head.indexOf("content-type")) + body);
  expect(await late.received).toMatch(/^HTTP\/1.1 503 [\s\S]*retry-after: 1[\s\S]*"code":"stopping"/);
  socket.write(body.slice(10));
  expect(await received).toMatch(/^HTTP\/1.1 200 /);
  expect(await stopped).toBe(true);
});

test("what is not finished within the grace is cut off, and stop says so", async () => {
  const server = await serve({ port: 0, graceSeconds: 0.2 });
  const { socket, received } = await rawConnection(server.url);
  socket.write(head);
  await eventually(async () => (await (await fetch(`${server.url}/healthz`)).text()).includes('"inFlight":1'));
  expect(await server.stop()).toBe(false);
  expect(await received).toBe("");
});

test("an address in use is an error with a hint, and exit code 2", async () => {
  const { child, url } = await startServer();
  const { code, stderr } = await runCli(["serve", "--port", new URL(url).port]);
  expect(code).toBe(2);
  expect(stderr).toContain("EADDRINUSE");
  expect(stderr).toContain("Choose another --port");
  child.kill("SIGKILL");
  await once(child, "close");
});

test("the token comes from the environment or a file", async () => {
  const { child, url } = await startServer(["--host", "0.0.0.0"], { VIDEOR1_REWARDS_TOKEN: "from-the-environment" });
  const score = (token: string): Promise<{ status: number }> =>
    post(`http://127.0.0.1:${new URL(url).port}/v1/score`, body, {
      "content-type": "application/json",
      authorization: `Bearer ${token}`,
    });
  expect((await score("from-the-environment")).status).toBe(200);
  expect((await score("another")).status).toBe(401);
  child.kill("SIGKILL");
  await once(child, "close");
});
