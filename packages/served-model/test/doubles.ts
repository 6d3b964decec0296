/** Clients of server doubles that are stopped after each test, without waits between tries. */
import { afterEach } from "vitest";
import { type ServerDouble, type ServerDoubleOptions, startServerDouble } from "../src/double/index.ts";
import { type ChatRequest, createServedModel, type ServedModelOptions } from "../src/index.ts";

const started: ServerDouble[] = [];
export async function start(options: ServerDoubleOptions = {}): Promise<ServerDouble> {
  const double = await startServerDouble(options);
  started.push(double);
  return double;
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((double) => double.stop()));
});

export const prompt = (text: string, fields: Partial<ChatRequest> = {}): ChatRequest => ({
  messages: [{ role: "user", content: text }],
  ...fields,
});
export const prompts = [...Array(200).keys()].map((i) => prompt(`What is ${i}?`));

/** A clock that only waiting moves: waits between tries take no time. */
function hastySurroundings() {
  let seconds = 0;
  return {
    now: () => seconds,
    random: () => 0,
    async sleep(length: number) {
      await new Promise((resolve) => setImmediate(resolve));
      seconds += length;
    },
  };
}
export const clientOf = (doubles: readonly ServerDouble[], options: Partial<ServedModelOptions> = {}) =>
  createServedModel({ urls: doubles.map(({ url }) => url), model: "double", ...options }, hastySurroundings());

/** The answers to `prompts`, asked all at once. */
export const textsOf = async (doubles: readonly ServerDouble[], options: Partial<ServedModelOptions> = {}) => {
  const client = clientOf(doubles, options);
  return await Promise.all(prompts.map(async (request) => (await client.complete(request)).text));
};
/** Chat requests that a double got. */
export const total = ({ counts }: ServerDouble) => Object.values(counts).reduce((sum, count) => sum + count, 0);
