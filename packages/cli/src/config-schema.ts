import type { core, z } from "zod";

export type Path = readonly PropertyKey[];

/** A mistake that the schema found; `unknown` holds the keys it does not know at that path. */
export interface SchemaIssue {
  path: Path;
  message: string;
  unknown?: readonly string[];
}

/** The issues, where those of a union are the issues of its closest branch. */
export function flatIssues(issues: readonly core.$ZodIssue[], at: Path = []): SchemaIssue[] {
  return issues.flatMap((issue): SchemaIssue[] => {
    const path = [...at, ...issue.path];
    if (issue.code === "unrecognized_keys") return [{ path, message: issue.message, unknown: issue.keys }];
    if (issue.code !== "invalid_union") return [{ path, message: issue.message }];
    const closest = [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
    if (!closest || depth(closest) === 0) return [{ path, message: unionMessage(issue) }];
    return flatIssues(closest, path);
  });
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
  const any = definitionOf(schema);
  if (any.options) return [...new Set(any.options.flatMap((option) => knownKeys(option, path)))];
  const wrapped = wrappedBy(any);
  if (wrapped) return knownKeys(wrapped, path);
  const [step, ...rest] = path;
  if (step === undefined) return Object.keys(any.shape ?? {});
  const child = any.shape ? any.shape[String(step)] : (any.element ?? any.valueType);
  return child ? knownKeys(child, rest) : [];
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
