// A separate entry point, so that only its importers need mathjs.
import {
  create,
  type FunctionNode,
  type MathNode,
  type OperatorNode,
  type ParenthesisNode,
  parseDependencies,
} from "mathjs/number";
import { parseFiniteNumber, parseNumber, plainSigns } from "./graders/parse-number.ts";
import { strip } from "./python-text.ts";

// Made from its dependencies: mathjs' ready-made `parse` brings all of mathjs into a bundle.
const { parse } = /* @__PURE__ */ create(parseDependencies!);

const longest = 200;
const arithmetic = /^(?:[0-9.eE+\-*/^() ]|sqrt)+$/;

/** Whole texts that look like arithmetic and are none: scores and ranges, dates and telephone numbers, sizes. */
const differences = /^[+-]*[0-9.]+(?:-+[0-9.]+)+$|^--/;
const dates = /^[0-9]+(?:\/[0-9]+){2,}$/;
const sizes = /^[0-9.]+(?:×[0-9.]+)+$/;
const mixed = /^([+-]?)([0-9]+) ([0-9]+\/[0-9]+)$/;
const zeroFirst = /(?:^|[^0-9.,])0[0-9]/;

const operators: Record<string, (x: number, y: number) => number> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  pow: (x, y) => x ** y,
  unaryMinus: (x) => -x,
  unaryPlus: (x) => x,
};

/**
 * The number that a text states, as `readNumber` of `accuracyReward`: whatever the safe rules read by themselves, a
 * percentage of one such number (`12.5 %` is 0.125), or arithmetic with + - * / ^ ( ) and sqrt over plain numbers
 * (`1/3`, `2^10`, `10³`, `1 1/2`). `undefined` for everything else, for a result that is not finite, and for an expression
 * of more than 200 characters. Unsigned numbers with nothing but `-` between them (`4-2`, `2025-06-01`), several `/` (`1/2/25`) or `×`
 * (`4×6`) are a score, a range, a date or a size, and a whole number never begins with 0: no number either.
 *
 * mathjs only parses. The tree is computed here, node by node, over the operators above: no name, unit, comparison,
 * comment, implicit multiplication or call but `sqrt` gets through, and nothing is ever given to `evaluate`.
 */
export function readExpression(text: string): number | undefined {
  const plain = parseFiniteNumber(text);
  if (plain !== undefined || text.length > longest) return plain;
  const signed = plainPowers(plainSigns(strip(text)));
  if (parseNumber(signed) !== undefined || isNotComputed(signed.replace(/[() ]/g, ""))) return undefined;
  const written = signed.replaceAll("×", "*").replaceAll("÷", "/").replace(mixed, "$1($2+$3)");
  if (written.endsWith("%")) {
    const percent = parseFiniteNumber(written.slice(0, -1));
    return percent === undefined ? undefined : percent / 100;
  }
  if (!arithmetic.test(written)) return undefined;
  try {
    const value = compute(parse(written));
    return Number.isFinite(value) ? value : undefined;
  } catch {
    return undefined; // not an expression
  }
}

/** Powers and fractions of one character, as arithmetic writes them: `10³`, `1½`. */
function plainPowers(text: string): string {
  return text
    .replace(/[\xbc-\xbe\u2150-\u215e]/g, (part) => ` ${part.normalize("NFKC").replace("\u2044", "/")}`)
    .replace(
      /[\xb2\xb3\xb9\u2070\u2074-\u2079\u207a\u207b]+/g,
      (power) => `^(${power.normalize("NFKC").replace("−", "-")})`,
    )
    .replace(/ {2,}/g, " ")
    .trim();
}

function isNotComputed(text: string): boolean {
  return differences.test(text) || dates.test(text) || sizes.test(text) || zeroFirst.test(text);
}

/** Value of a tree of allowed nodes, NaN for any other. */
function compute(node: MathNode): number {
  switch (node.type) {
    case "ConstantNode":
      return Number((node as MathNode & { value: unknown }).value);
    case "ParenthesisNode":
      return compute((node as ParenthesisNode).content);
    case "OperatorNode": {
      const { fn, args, implicit } = node as OperatorNode;
      if (implicit || !Object.hasOwn(operators, fn)) return Number.NaN;
      const [x, y] = args.map(compute);
      return operators[fn]!(x!, y ?? Number.NaN);
    }
    case "FunctionNode": {
      const { fn, args } = node as FunctionNode;
      return fn.name === "sqrt" && args.length === 1 ? Math.sqrt(compute(args[0]!)) : Number.NaN;
    }
    default:
      return Number.NaN;
  }
}
