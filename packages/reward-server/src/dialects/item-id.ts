import { z } from "zod";

/**
 * The id of an item: text, or a number that comes back as it was sent. A whole number beyond 2^53 would come back as another,
 * and so would many a decimal fraction.
 */
export const itemId = z
  .union([z.string(), z.number()])
  .nullish()
  .refine((id) => typeof id !== "number" || Number.isSafeInteger(id), {
    message: "is not a whole number below 2^53, so that its digits could be lost here: send it as text",
  });
