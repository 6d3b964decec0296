/** The largest of the three sizes, which `npm test` leaves out. */
process.env.LONG_TESTS = "1";
await import("../plan-memory.test.ts");
