import { z } from "zod";

/**
 * The same keys without their defaults, nested objects too: what of a section was given, to lay over one that comes from elsewhere.
 */
export function givenKeys(section: z.ZodObject): z.ZodObject {
  const keys = Object.entries(section.shape).map(([name, schema]) => {
    const inner = withoutDefault(schema as z.ZodType);
    const key = (inner instanceof z.ZodObject ? givenKeys(inner) : inner).optional();
    const description = (schema as z.ZodType).description;
    return [name, description === undefined ? key : key.describe(description)];
  });
  return z.strictObject(Object.fromEntries(keys) as Record<string, z.ZodType>);
}

function withoutDefault(schema: z.ZodType): z.ZodType {
  const isWrapped =
    schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional;
  return isWrapped ? withoutDefault(schema.unwrap() as z.ZodType) : schema;
}
