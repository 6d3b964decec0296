import { z } from "zod";

const noJsonNumbers = ["NaN", "Infinity", "-Infinity"] as const;

/** A number as `toJson` writes it: JSON has no NaN and no infinity, so the file holds their names. */
export const JsonNumber = z.union([z.number(), z.enum(noJsonNumbers)]).transform(Number);

/** A value as one line of JSON; NaN and infinities, which JSON.stringify would turn into null, become text. */
export const toJson = (value: object): string =>
  JSON.stringify(value, (_, field: unknown) =>
    typeof field === "number" && !Number.isFinite(field) ? String(field) : field,
  );
