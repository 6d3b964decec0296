// The thread of one reward function: imports the user's module, then scores each answer that it is sent.
import { basename } from "node:path";
import { inspect } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import { register as registerCommonJs } from "tsx/cjs/api";
import { register } from "tsx/esm/api";

register(); // a worker thread does not inherit the TypeScript loader of the main thread
registerCommonJs();
const { url, timeoutSeconds } = workerData;
const reward = await load();

async function load() {
  const unusable = (code, problem) => parentPort.postMessage({ kind: "unusable", code, problem });
  try {
    const module = await import(url);
    const exported = module.default?.default ?? module.default; // nested: an ES module in a .js that Node takes for CommonJS
    if (typeof exported === "function") {
      parentPort.postMessage({ kind: "ready" });
      return exported;
    }
    const problem = exported === undefined ? "has no default export" : `exports ${show(exported)}, not a function`;
    unusable("REWARD_NOT_A_FUNCTION", problem);
  } catch (error) {
    unusable("REWARD_IMPORT_FAILED", `cannot be imported: ${describe(error)}`);
  }
}

parentPort.on("message", ({ id, answer }) => {
  parentPort.postMessage({ kind: "started", id });
  const start = performance.now();
  const timedOut = { failed: `timed out after ${timeoutSeconds} s` };
  const done = (outcome) => parentPort.postMessage({ kind: "done", id, outcome });
  const check = (value) => (performance.now() - start > timeoutSeconds * 1000 ? timedOut : outcomeOf(value));
  const fail = (error) => ({ failed: `threw ${describe(error)}` });
  try {
    const value = reward(answer);
    if (typeof value?.then !== "function") return done(check(value));
    const settled = Promise.resolve(value).then(check, fail);
    const limit = new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutSeconds * 1000, timedOut);
      settled.then(() => clearTimeout(timer));
    });
    Promise.race([settled, limit]).then(done);
  } catch (error) {
    done(fail(error));
  }
});

function outcomeOf(value) {
  if (value === null || Number.isFinite(value)) return { value };
  return { failed: `returned ${show(value)}, which is not a finite number or null` };
}

/** An error as `Name: message (file:line:column)`, the place in the user's module where the stack has it. */
function describe(error) {
  if (!(error instanceof Error)) return show(error);
  const at = String(error.stack)
    .split(url)[1]
    ?.match(/^[^:\s]*(:\d+:\d+)/)?.[1];
  const place = at ? ` (${basename(new URL(url).pathname)}${at})` : "";
  return `${error.name}: ${shorten(error.message, 500)}${place}`;
}

function show(value) {
  return shorten(typeof value === "string" ? JSON.stringify(value) : inspect(value, { depth: 0 }), 80);
}

function shorten(text, length) {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
