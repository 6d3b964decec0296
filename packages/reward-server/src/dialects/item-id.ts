import { z } from "zod";

/**
 * The id of an item: text, or a number that comes back as it was sent. A whole number beyond 2^53 would come back as another.
 */
export const itemId = z
  .union([z.string(), z.number()])
  .nullish()
  .refine((id) => typeof id !== "number" || Math.abs(id) <= Number.MAX_SAFE_INTEGER, {
    message: "is a number beyond 2^53, whose digits JSON numbers lose here: send it as text",
  });
