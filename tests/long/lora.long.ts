/** Every part that training can be held to, which `npm test` leaves out. */
process.env.LONG_TESTS = "1";
await import("../lora.test.ts");
