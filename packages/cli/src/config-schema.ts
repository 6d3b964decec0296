import type { core, z } from "zod";
import { nearest } from "./nearest.ts";

export type Path = readonly PropertyKey[];

/** A mistake that the schema found; `unknown` holds the keys it does not know at that path. */
export interface SchemaIssue {
  path: Path;
  message: string;
  unknown?: readonly string[];
}

/**
 * The issues, where those of a union are the issues of its closest branch.
 *
 * @param value - what was checked; a word in it that is close to one of the allowed is told so.
 */
export function flatIssues(issues: readonly core.$ZodIssue[], value: unknown, at: Path = []): SchemaIssue[] {
  return issues.flatMap((issue): SchemaIssue[] => {
    const path = [...at, ...issue.path];
    if (issue.code === "unrecognized_keys") return [{ path, message: issue.message, unknown: issue.keys }];
    if (issue.code === "invalid_value")
      return [{ path, message: issue.message + suggestion(issue, valueAt(value, path)) }];
    if (issue.code !== "invalid_union") return [{ path, message: issue.message }];
    const closest = [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
    if (!closest || depth(closest) === 0) return [{ path, message: unionMessage(issue) }];
    return flatIssues(closest, value, path);
  });
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((node, step) => (node as Record<PropertyKey, unknown> | undefined)?.[step], value);

function suggestion({ values }: core.$ZodIssueInvalidValue, given: unknown): string {
  const close = typeof given === "string" && nearest(given, values.map(String));
  return close ? `; did you mean "${close}"?` : "";
}

/** The parts of a schema's definition that lead to its objects' keys; each kind of schema has some of them. */
type Definition = Partial<{
  shape: Record<string, core.$ZodType>;
  options: readonly core.$ZodType[];
  innerType: core.$ZodType;
  element: core.$ZodType;
  valueType: core.$ZodType;
  in: core.$ZodType;
  out: core.$ZodType;
  getter: () => core.$ZodType;
}>;

const definitionOf = (schema: core.$ZodType): Definition => (schema as z.ZodType)._zod.def as Definition;

/** The schema inside a wrapper; for a preprocessing step, the schema of its output. */
function wrappedBy({ innerType, in: input, out, getter }: Definition): core.$ZodType | undefined {
  const isPreprocess = (input as z.ZodType | undefined)?._zod.def.type === "transform";
  return innerType ?? (isPreprocess ? out : input) ?? getter?.();
}

/** Dotted paths of a key at any depth, except inside lists, records and unions. */
export function pathsOf(key: string, schema: core.$ZodType): string[] {
  const { shape, ...definition } = definitionOf(schema);
  const wrapped = wrappedBy(definition);
  if (wrapped) return pathsOf(key, wrapped);
  return Object.entries(shape ?? {}).flatMap(([name, child]) => [
    ...(name === key ? [name] : []),
    ...pathsOf(key, child).map((path) => `${name}.${path}`),
  ]);
}

/** Keys that a schema knows at a path; for a union, those of all branches. */
export function knownKeys(schema: core.$ZodType, path: Path): string[] {
  return [...new Set(schemasAt(schema, path).flatMap((at) => Object.keys(definitionOf(at).shape ?? {})))];
}

/**
 * The schemas at a path, each followed by those inside it: of a wrapper the wrapped, of a union every branch.
 *
 * @param value - what lies at the start of the path; a union then has the one branch that accepts it.
 */
export function schemasAt(schema: core.$ZodType, path: Path, value?: unknown): z.ZodType[] {
  const definition = definitionOf(schema);
  const own = path.length === 0 ? [schema as z.ZodType] : [];
  const wrapped = wrappedBy(definition);
  if (wrapped) return [...own, ...schemasAt(wrapped, path, value)];
  const branches = definition.options?.filter(
    (option) => value === undefined || (option as z.ZodType).safeParse(value).success,
  );
  if (branches) return [...own, ...branches.flatMap((option) => schemasAt(option, path, value))];
  const [step, ...rest] = path;
  if (step === undefined) return own;
  const element = /^\d+$/.test(String(step)) ? definition.element : undefined; // a name is no place in a list
  const child = definition.shape ? definition.shape[String(step)] : (element ?? definition.valueType);
  return child ? schemasAt(child, rest, valueAt(value, [step])) : [];
}

/** Depth in the value at which a branch failed: 0 where the value is of another kind. */
const depth = (issues: readonly core.$ZodIssue[]) =>
  Math.min(...issues.map(({ code, path }) => (code === "unrecognized_keys" ? path.length + 1 : path.length)));

function unionMessage(issue: core.$ZodIssueInvalidUnion): string {
  if ("options" in issue && issue.options)
    return `expected one of ${issue.options.map((x) => JSON.stringify(x)).join(", ")}`;
  const messages = new Set(issue.errors.flat().map(({ message }) => message));
  return messages.size > 0 ? [...messages].join("; or: ") : issue.message;
}
