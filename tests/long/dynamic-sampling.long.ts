/** The parts that `npm test` leaves out too. */
process.env.LONG_TESTS = "1";
await import("../dynamic-sampling.test.ts");
