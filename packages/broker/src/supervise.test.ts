import { manualClock, recorder } from "@ts-tars/harness";
import { expect, test } from "vitest";
import type { Broker, BrokerExit } from "./broker.ts";
import { type BrokerState, superviseBroker } from "./supervise.ts";

const CRASH: BrokerExit = { requested: false, code: null, signal: "SIGSEGV", lastLines: ["boom"] };
const STOP: BrokerExit = { requested: true, code: 0, signal: null, lastLines: [] };

/** A broker that ends when it is told to. */
function fakeBroker(port: number) {
  let end: (exit: BrokerExit) => void = () => undefined;
  const exited = new Promise<BrokerExit>((resolve) => {
    end = resolve;
  });
  const stop = () => {
    end(STOP);
    return exited;
  };
  const url = `mqtt://127.0.0.1:${port}`;
  const address = { url, host: "127.0.0.1", port, websocketPort: undefined, websocketUrl: undefined };
  const broker: Broker = { kind: "mosquitto", ...address, pid: 1, exited, stop, kill: stop };
  return { broker, crash: () => end(CRASH) };
}

async function supervised() {
  const clock = manualClock();
  const started = recorder<{ broker: Broker; crash: () => void; first: Broker | undefined }>();
  const states = recorder<BrokerState>();
  const faults: Error[] = [];
  const supervisor = await superviseBroker({
    ...clock,
    random: () => 0.5,
    onState: states.push,
    start: async (first) => {
      const fault = faults.shift();
      if (fault !== undefined) throw fault;
      const fake = fakeBroker(first?.port ?? 1883);
      started.push({ ...fake, first });
      return fake.broker;
    },
  });
  return { clock, started, states, faults, supervisor, first: await started.next() };
}

test("A broker that crashes is started again on its port after a delay", async () => {
  const { clock, started, states, first, supervisor } = await supervised();

  first.crash();
  await clock.advance(99);
  expect(started.seen).toHaveLength(1);
  await clock.advance(1);

  expect((await started.next()).first).toBe(first.broker);
  expect(states.seen.map(({ kind }) => kind)).toEqual(["up", "down", "up"]);
  expect(states.seen[1]).toEqual({ kind: "down", cause: { exit: CRASH }, restartInMs: 100, failureCount: 1 });
  expect(supervisor).toMatchObject({ kind: "mosquitto", port: 1883, state: { kind: "up" } });
});

test("Each crash or failed start in a row doubles the delay", async () => {
  const { clock, states, faults, first } = await supervised();
  faults.push(new Error("port in use"), new Error("port in use"));

  first.crash();
  await clock.advance(100);
  await clock.advance(200);
  await clock.advance(400);

  const downs = states.seen.flatMap((state) => (state.kind === "down" ? [state.restartInMs] : []));
  expect(downs).toEqual([100, 200, 400]);
  expect(states.seen.at(-1)?.kind).toBe("up");
});

test("A broker that stood half a minute starts over with the first delay", async () => {
  const { clock, started, states, first } = await supervised();
  first.crash();
  await clock.advance(100);
  const second = await started.next();

  await clock.advance(30_000);
  second.crash();
  await clock.advance(0);

  expect(states.seen.at(-1)).toMatchObject({ kind: "down", restartInMs: 100, failureCount: 1 });
});

test("Stop is final while the broker is up", async () => {
  const { clock, started, states, supervisor } = await supervised();

  await supervisor.stop();
  await supervisor.stop();
  await clock.advance(60_000);

  expect(started.seen).toHaveLength(1);
  expect(states.seen.map(({ kind }) => kind)).toEqual(["up", "stopped"]);
});

test("Stop is final while a restart is waited for", async () => {
  const { clock, started, supervisor, first } = await supervised();
  first.crash();
  await clock.advance(0);

  await supervisor.stop();
  await clock.advance(60_000);

  expect(started.seen).toHaveLength(1);
  expect(clock.pendingCount).toBe(0);
});

test("Stop is final while a restart is under way: the broker it brings is stopped", async () => {
  const clock = manualClock();
  const first = fakeBroker(1883);
  const second = fakeBroker(1883);
  const arriving = recorder<(broker: Broker) => void>();
  const supervisor = await superviseBroker({
    ...clock,
    random: () => 0,
    start: async (before) => (before === undefined ? first.broker : new Promise((resolve) => arriving.push(resolve))),
  });
  first.crash();
  await clock.advance(0);
  const arrive = await arriving.next();

  const stopped = supervisor.stop();
  arrive(second.broker);
  await stopped;

  expect(await second.broker.exited).toEqual(STOP);
  expect(supervisor.state).toEqual({ kind: "stopped" });
});

test("A broker that never came up is the caller's error, and is not tried again", async () => {
  const clock = manualClock();
  const start = () => Promise.reject(new Error("not installed"));

  await expect(superviseBroker({ ...clock, start })).rejects.toThrow("not installed");

  expect(clock.pendingCount).toBe(0);
});
