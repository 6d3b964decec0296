/** T-GRPO in bfloat16 too, ended and gone on with, which `npm test` leaves out. */
process.env.LONG_TESTS = "1";
await import("../bf16-training.test.ts");
