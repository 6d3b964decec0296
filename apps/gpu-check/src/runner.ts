// The part of vitest that the conformance suite and the model's golden tests use, for a machine without npm. The bundle
// replaces vitest by this module, so that the tests run unchanged.
import { AssertionError } from "node:assert";
import { format, isDeepStrictEqual } from "node:util";

type Body = () => unknown;
type RowBody = (...row: never[]) => unknown;

export interface TestResult {
  name: string;
  outcome: "passed" | "failed" | "skipped";
  message?: string;
}

interface Group {
  name: string;
  before: Body[];
  after: Body[];
  children: (Group | { name: string; body: Body | undefined })[];
}

const newGroup = (name: string): Group => ({ name, before: [], after: [], children: [] });
const root = newGroup("");
let current = root;

function addGroup(name: string, body: Body): void {
  const group = newGroup(name);
  current.children.push(group);
  const outer = current;
  current = group;
  body();
  current = outer;
}

/** vitest's `each`: a row that is an array gives several arguments; %s prints one, $key a field of an object. */
const each = (add: (name: string, body: Body) => void) => (rows: readonly unknown[]) => (name: string, body: RowBody) =>
  rows.forEach((row) => {
    const args = Array.isArray(row) ? row : [row];
    const named = name.replace(/\$(\w+)/g, (_, key: string) => String((row as Record<string, unknown>)[key]));
    const places = named.match(/%[sdij]/g)?.length ?? 0;
    add(format(named, ...args.slice(0, places)), () => body(...(args as never[])));
  });

export const describe = Object.assign(addGroup, {
  each: each(addGroup),
  skipIf: (skip: unknown) => (skip ? () => {} : addGroup),
});
const addTest = (name: string, body: Body): void => void current.children.push({ name, body });
export const test = Object.assign(addTest, {
  each: each(addTest),
  skip: (name: string, _body?: Body): void => void current.children.push({ name, body: undefined }),
});
export const beforeAll = (body: Body): void => void current.before.push(body);
export const afterAll = (body: Body): void => void current.after.push(body);

/** Runs what was defined since the last call, in order. A failed `beforeAll` fails every test of its group. */
export async function runTests(report: (result: TestResult) => void): Promise<void> {
  await runGroup(root, "", report);
  Object.assign(root, newGroup(""));
}

async function runGroup(group: Group, path: string, report: (result: TestResult) => void): Promise<void> {
  const at = [path, group.name].filter(Boolean).join(" > ");
  let broken: unknown;
  try {
    for (const body of group.before) await body();
  } catch (error) {
    broken = error;
  }
  for (const child of group.children) {
    if ("children" in child) {
      if (broken) child.before.unshift(() => Promise.reject(broken));
      await runGroup(child, at, report);
    } else await runTest(`${at} > ${child.name}`, child.body, broken, report);
  }
  for (const body of group.after) if (!broken) await body();
}

async function runTest(name: string, body: Body | undefined, broken: unknown, report: (result: TestResult) => void) {
  if (!body) return report({ name, outcome: "skipped" });
  try {
    if (broken) throw broken;
    await body();
    report({ name, outcome: "passed" });
  } catch (error) {
    report({ name, outcome: "failed", message: String((error as Error)?.stack ?? error).slice(0, 2000) });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const shown = (value: unknown): string => format("%o", value).slice(0, 400);

function matchers(actual: unknown, what: string, negated: boolean) {
  const check = (holds: boolean, relation: string, expected: unknown) => {
    if (holds === negated) {
      const not = negated ? "not " : "";
      throw new AssertionError({ message: `${what}: ${shown(actual)} should ${not}${relation} ${shown(expected)}` });
    }
  };
  const number = actual as number;
  return {
    toBe: (expected: unknown) => check(Object.is(actual, expected), "be", expected),
    toEqual: (expected: unknown) => check(isDeepStrictEqual(actual, expected), "equal", expected),
    toBeLessThan: (bound: number) => check(number < bound, "be less than", bound),
    toBeGreaterThan: (bound: number) => check(number > bound, "be greater than", bound),
    toBeGreaterThanOrEqual: (bound: number) => check(number >= bound, "be at least", bound),
    toBeCloseTo: (expected: number, digits = 2) =>
      check(Math.abs(number - expected) < 10 ** -digits / 2, "be close to", expected),
    toContain: (item: unknown) => check((actual as unknown[]).includes(item), "contain", item),
    toThrow(text: string) {
      let thrown: string | undefined;
      try {
        (actual as Body)();
      } catch (error) {
        thrown = messageOf(error);
      }
      check(thrown?.includes(text) ?? false, `throw, but threw ${thrown ?? "nothing"};`, text);
    },
  };
}

export function expect(actual: unknown, what = "value") {
  const rejects = {
    async toThrow(text: string) {
      const settled = await (actual as Promise<unknown>).then(
        () => () => {},
        (error: unknown) => () => {
          throw error;
        },
      );
      matchers(settled, what, false).toThrow(text);
    },
  };
  return { ...matchers(actual, what, false), not: matchers(actual, what, true), rejects };
}
