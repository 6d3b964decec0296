import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { isLoopback } from "./authorize.ts";
import { brokenRequestError, respondOnSocket } from "./broken-request.ts";
import { createHandler } from "./handler.ts";
import { createMeters } from "./meters.ts";
import { type ServeOptions, serveSchema } from "./options.ts";
import { loadScoring } from "./scoring.ts";
import { ServeError } from "./serve-error.ts";
import type { ServerState } from "./server-state.ts";

export interface RewardServer {
  /** `http://host:port`, with the port that was taken. */
  readonly url: string;
  /**
   * Takes no more requests, finishes those in flight, and resolves when the last connection is closed. What is not
   * finished after `graceSeconds` is cut off: then the result is false.
   */
  stop(): Promise<boolean>;
}

export interface Surroundings {
  /** The secret that requests must carry; needed beyond loopback. */
  token?: string | undefined;
  log?: (line: string) => void;
}

/**
 * Starts the reward server.
 *
 * @throws {ServeError} If it would be open to the network without a token, or the address cannot be taken.
 * @throws {RulesError} If the rules are `video-r1` and an option is one of the safe rules.
 * @throws {ExpressionsUnavailableError} If expressions are set, and mathjs is not installed.
 * @throws {ZodError} If an option is out of its bounds.
 */
export async function serve(
  given: Partial<ServeOptions> = {},
  { token, log = () => {} }: Surroundings = {},
): Promise<RewardServer> {
  const options = serveSchema.parse(given);
  const { host, port } = options;
  if (token === "" || (token === undefined && !isLoopback(host))) {
    const problem = token === "" ? "the token is empty" : "others could reach it, and there is no token";
    const hint = "Set VIDEOR1_REWARDS_TOKEN or --token-file, or listen on 127.0.0.1 without either.";
    throw new ServeError("token-required", host, port, problem, hint);
  }
  if (token !== undefined && !/^[!-~]+$/.test(token)) {
    const problem = "the token has a character that an Authorization header cannot carry";
    const hint = "Use printable ASCII without spaces, such as the output of `openssl rand -hex 32`.";
    throw new ServeError("token-unusable", host, port, problem, hint);
  }
  const scoring = await loadScoring(options);
  const state: ServerState = { inFlight: 0, stopping: false };
  const meters = createMeters(() => state.inFlight);
  const handle = createHandler({ options, scoring, token, state, meters, log });
  const server = createServer({
    headersTimeout: 1000 * Math.min(options.headersTimeoutSeconds, options.requestTimeoutSeconds),
    requestTimeout: 1000 * options.requestTimeoutSeconds,
    connectionsCheckingInterval: 250,
    keepAliveTimeout: 65_000,
    noDelay: true,
  });
  server.maxConnections = options.maxConnections;

  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  /** The request that each connection is receiving or answering. */
  const current = new WeakMap<object, IncomingMessage>();
  const answered = new WeakSet<IncomingMessage>();
  server.on("request", (request, response) => {
    current.set(request.socket, request);
    response.once("finish", () => answered.add(request));
    void handle(request, response);
  });
  server.on("clientError", (error, socket) => {
    const request = current.get(socket);
    const isAnswered = request !== undefined && !request.complete && answered.has(request);
    if (!socket.writable || isAnswered || (error as NodeJS.ErrnoException).code === "ECONNRESET") {
      socket.destroy();
      return;
    }
    const requestError = brokenRequestError(error);
    respondOnSocket(socket as Socket, requestError);
    meters.request("other", requestError.status, 0);
  });

  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const hint =
        cause.code === "EADDRINUSE" ? "Choose another --port; 0 takes a free one." : "Choose another --host.";
      reject(new ServeError("address-unavailable", host, port, cause.message, hint, cause));
    });
    server.listen(port, host, resolve);
  });
  server.on("error", (error) => log(`server: ${error.message}`));
  const { address, family, port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${taken}`,
    async stop() {
      state.stopping = true;
      let finished = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const idle = setInterval(() => {
        server.closeIdleConnections();
        for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy(); // Node does not count these as idle
      }, 50);
      const end = setTimeout(() => {
        finished = false;
        server.closeAllConnections();
      }, 1000 * options.graceSeconds);
      await closed;
      clearInterval(idle);
      clearTimeout(end);
      return finished;
    },
  };
}
