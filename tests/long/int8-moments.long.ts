/** Moments in 8 bits in T-GRPO and in bfloat16 too, ended and gone on with, which `npm test` leaves out. */
process.env.LONG_TESTS = "1";
await import("../int8-moments.test.ts");
