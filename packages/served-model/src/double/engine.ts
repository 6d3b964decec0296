import { existsSync } from "node:fs";

/** What a vLLM holds beside its start: adapters, weights, pauses; and whether its engine lives. */
export interface DoubleEngine {
  /** Folders of the loaded adapters, by name. */
  adapters: ReadonlyMap<string, string>;
  /** Folder of the whole weights; undefined: those of the start. */
  readonly weights: string | undefined;
  readonly isPaused: boolean;
  readonly isDead: boolean;
  /** Forgets everything, as a server that is started again. */
  restart(): void;
  /** The engine ends: 500 to the requests that run, 503 for its health. */
  die(): void;
}

export interface EngineOptions {
  /** Adapters at a time, --max-loras; default 2. Their rank is not looked at. */
  maxAdapters?: number;
}

/** A reply of a route. */
export interface RouteReply {
  status: number;
  body: unknown;
}

const error = (status: number, type: string, message: string): RouteReply => ({
  status,
  body: { error: { message, type, param: null, code: status } },
});

/** The routes by which a vLLM 0.32 is changed while it runs, and what they change; replies as recorded in test/golden. */
export function doubleEngine({ maxAdapters = 2 }: EngineOptions, running: () => number) {
  const adapters = new Map<string, string>();
  /** Those that the worker holds, the last used at the end; the others are read again when they are asked for. */
  const held: string[] = [];
  const waiting: (() => void)[] = [];
  const state = { weights: undefined as string | undefined, version: "default", isPaused: false, isDead: false };
  /** Whether the next request ends the engine. */
  let isDoomed = false;

  const hold = (name: string): void => {
    if (held.includes(name)) held.splice(held.indexOf(name), 1);
    held.push(name);
    if (held.length > maxAdapters) held.shift();
  };
  const resume = (): void => {
    state.isPaused = false;
    for (const go of waiting.splice(0)) go();
  };
  const routes: Record<string, (body: Record<string, unknown>) => RouteReply | Promise<RouteReply>> = {
    "POST /v1/load_lora_adapter"({ lora_name, lora_path, load_inplace }) {
      const [name, path] = [String(lora_name), String(lora_path)];
      if (adapters.has(name) && load_inplace !== true) {
        const message = `The lora adapter '${name}' has already been loaded. If you want to load the adapter in place, set 'load_inplace' to True.`;
        return error(400, "InvalidUserInput", message);
      }
      if (!existsSync(path))
        return error(404, "NotFoundError", `Loading lora ${name} failed: No adapter found for ${path}`);
      adapters.set(name, path);
      hold(name);
      return { status: 200, body: `Success: LoRA adapter '${name}' added successfully.` };
    },
    "POST /v1/unload_lora_adapter"({ lora_name }) {
      const name = String(lora_name);
      if (!adapters.delete(name)) return error(404, "NotFoundError", `The lora adapter '${name}' cannot be found.`);
      if (held.includes(name)) held.splice(held.indexOf(name), 1);
      return { status: 200, body: `Success: LoRA adapter '${name}' removed successfully.` };
    },
    async "POST /pause"() {
      state.isPaused = true;
      while (running() > 0) await new Promise((resolve) => setTimeout(resolve, 1));
      return { status: 200, body: { status: "paused" } };
    },
    "POST /resume"() {
      resume();
      return { status: 200, body: { status: "resumed" } };
    },
    "GET /is_paused": () => ({ status: 200, body: { is_paused: state.isPaused } }),
    "POST /collective_rpc"({ method, kwargs }) {
      const path = String((kwargs as { weights_path?: unknown } | undefined)?.weights_path);
      if (method !== "reload_weights") return error(500, "InternalServerError", `no method ${String(method)}`);
      if (!existsSync(path) || !state.isPaused) isDoomed = true;
      if (!existsSync(path)) {
        const message = `Call to collective_rpc method failed: Worker failed with error 'Repo id must be in the form 'repo_name' or 'namespace/repo_name': '${path}'. Use \`repo_type\` argument if needed.', please check the stack trace above for the root cause`;
        return error(500, "InternalServerError", message);
      }
      state.weights = path;
      return { status: 200, body: { results: [null] } };
    },
    "GET /weight_info": () => ({ status: 200, body: { weight_version: state.version } }),
    "POST /update_weight_version"({ new_version }) {
      state.version = String(new_version);
      return { status: 200, body: { success: true, new_version } };
    },
  };

  const engine: DoubleEngine = {
    adapters,
    get weights() {
      return state.weights;
    },
    get isPaused() {
      return state.isPaused;
    },
    get isDead() {
      return state.isDead;
    },
    restart() {
      adapters.clear();
      held.length = 0;
      isDoomed = false;
      Object.assign(state, { weights: undefined, version: "default", isDead: false });
      resume();
    },
    die() {
      state.isDead = true;
      resume();
    },
  };
  return {
    engine,
    /** The reply of a route of this kind; undefined: it is none. */
    control: (method: string, path: string, body: () => Promise<Record<string, unknown>>) => {
      const route = routes[`${method} ${path}`];
      return route && body().then(route);
    },
    /** Called with the name that a request asks for, before it is answered: waits while paused. */
    async admit(name: string): Promise<void> {
      if (state.isPaused) await new Promise<void>((resolve) => waiting.push(resolve));
      const folder = adapters.get(name);
      const isGone = folder !== undefined && !held.includes(name) && !existsSync(folder);
      if (isDoomed || isGone) engine.die();
      else if (folder !== undefined) hold(name);
    },
  };
}

export const engineDead = error(
  500,
  "InternalServerError",
  "EngineCore encountered an issue. See stack trace (above) for the root cause.",
);
