import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { type SignalSource, type StoppingSignal, stoppingSignals, stopSignal } from "./stop-signal.ts";

function started() {
  const events = new EventEmitter();
  const exits: number[] = [];
  const source = Object.assign(events, { exit: (code: number) => exits.push(code) }) as EventEmitter & SignalSource;
  const clock = { now: 1000, stops: 0 };
  const stop = stopSignal(
    source,
    () => clock.stops++,
    () => clock.now,
    ["SIGINT", "SIGTERM", "SIGHUP"],
  );
  return { send: (signal: string) => events.emit(signal, signal), events, exits, clock, stop };
}

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
])("the first %s asks to stop, with exit code %i", (signal, code) => {
  const { send, exits, clock, stop } = started();
  expect(stop.exitCode).toBeUndefined();
  send(signal);
  expect(stop.signal.aborted).toBe(true);
  expect(stop.signal.reason).toMatchObject({ name: "AbortError" });
  expect(stop.exitCode).toBe(code);
  expect(clock.stops).toBe(1);
  expect(exits).toEqual([]);
});

test("one press that arrives twice, by the terminal and by npm, counts once; a second press exits", () => {
  const { send, exits, clock } = started();
  send("SIGINT");
  clock.now += 20;
  send("SIGINT");
  expect(exits).toEqual([]);
  clock.now += 1000;
  send("SIGINT");
  expect(exits).toEqual([130]);
  expect(clock.stops).toBe(1);
});

test("afterwards signals are the process's own again", () => {
  const { events, stop } = started();
  stop.dispose();
  const signals: StoppingSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  expect(signals.map((signal) => events.listenerCount(signal))).toEqual([0, 0, 0]);
});

test.each<[string | undefined, boolean]>([
  ["Name:\tnode\nSigIgn:\t0000000000001000\nSigCgt:\t0000000000004202\n", true],
  ["Name:\tnode\nSigIgn:\t0000000000001001\n", false],
  ["Name:\tnode\n", false],
  [undefined, false],
])("a terminal that is gone stops a run unless nohup began it, or nobody knows: %j, %s", (status, stops) => {
  expect(stoppingSignals(status ?? "").includes("SIGHUP")).toBe(stops);
});
