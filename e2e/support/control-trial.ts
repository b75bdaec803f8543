/**
 * One trial of invariant 9: a robot under load, and somebody who tells it to stop, again and again.
 *
 *   foreign client ──1 000 frames──▶ broker ══1 Mbit/s══▶ robot: 10 ms for each frame, one handler hung
 *   operator ────────stop──────────▶ broker ══(the same road, another connection)══▶ robot's handler
 *
 * "The broker has it" is the moment in which the operator's link has handed the PUBLISH to the broker's socket.
 */
import { randomInt } from "node:crypto";
import { type Link, openBroker, openLink, rawClient, recorder, until } from "@ts-tars/harness";
import { type Client, connect, defineTopic } from "@ts-tars/mqtt";
import { z } from "zod";
import { watchLateness } from "../../bench/scorecard/lateness.ts";
import { startPace } from "../../bench/scorecard/peers/pace.ts";

/** What the robot carries while it is told to stop. */
export interface Load {
  readonly protocol: "5" | "3.1.1";
  readonly frameBytes: number;
  /**
   * The broker keeps its store on disk. Mosquitto with `autosave_on_changes` writes all of it after every change and stands
   * still meanwhile: with 20 MB of frames in it a stop was up to 600 ms late, whatever its receiver did.
   */
  readonly isStored: boolean;
  /** Publish camera pictures besides, until at least a megabyte of them is stuck on its way out. */
  readonly streams: boolean;
}

/** What was measured. All times in ms. */
export interface Trial {
  readonly load: Load;
  /** From the broker's socket to the start of the handler, for each stop. */
  readonly lateMs: readonly number[];
  /** From the robot's own `publish` of a stop to the broker's socket. */
  readonly sendMs: readonly number[];
  readonly framesHandled: number;
  /** PUBACKs of the data link while its handler hung: none, for its place in the order is the first. */
  readonly acknowledgedWhileHung: number;
  /** The least that was stuck on its way out when a stop was sent; 0 without streams. */
  readonly stuckBytes: number;
  /** p99 of how late a 10 ms timer of this process fired. */
  readonly timerP99Ms: number;
}

const FRAMES = 1_000;
const HANDLER_MS = 10;
const BITS_PER_SECOND = 1_000_000;
const STOPS = 25;
/** Between two stops, so that they meet the load in every phase. */
const PAUSE_MS = [40, 200] as const;
const PICTURE_BYTES = 12_000;
const PICTURES_PER_SECOND = 100;
/** A megabyte in the sockets, beside what the client itself keeps: its stream queue and what its socket may hold. */
const STUCK_BYTES = 1_000_000;
const CLIENT_KEEPS_BYTES = 1024 * 1024 + 64 * 1024;

const Text = z.object({ text: z.string() });
const frame = defineTopic({ name: "trial/frame", type: "trial.frame", delivery: "event", payload: Text });
const hang = defineTopic({ name: "trial/hang", type: "trial.hang", delivery: "event", payload: Text });
const picture = defineTopic({ name: "trial/picture", type: "trial.picture", delivery: "stream", payload: Text });
const command = { delivery: "command", ttlMs: 10_000, priority: "high", payload: Text } as const;
const stop = defineTopic({ ...command, name: "trial/stop", type: "trial.stop" });
const stopOthers = defineTopic({ ...command, name: "trial/stop_others", type: "trial.stop" });

/** Runs one trial with a broker and processes of its own. */
export async function runControlTrial(load: Load): Promise<Trial> {
  await using stack = new AsyncDisposableStack();
  const broker = stack.use(await openBroker({ persistence: load.isStored }));
  const road = stack.use(await openLink({ target: broker.target }));
  const operatorRoad = stack.use(await openLink({ target: broker.target }));
  const operator = stack.use(await rawClient({ url: operatorRoad.url }));
  const foreign = stack.use(await rawClient({ url: broker.url }));
  const robot = await openRobot({ url: road.url, protocol: load.protocol });
  stack.defer(() => robot.client.close());
  stack.defer(() => road.mend());

  road.throttle(BITS_PER_SECOND);
  await foreign.publish(hang.filter, envelope(""));
  const text = "x".repeat(load.frameBytes);
  await Promise.all(Array.from({ length: FRAMES }, () => foreign.publish(frame.filter, envelope(text))));
  await until(() => robot.framesHandled() > 0, { deadlineMs: 30_000 });
  const stuck = load.streams ? await fillUplink(robot, { road, stack }) : () => 0;

  const lateness = watchLateness();
  const lateMs: number[] = [];
  const sendMs: number[] = [];
  const stuckBytes: number[] = [];
  for (let nth = 0; nth < STOPS; nth += 1) {
    await pause(randomInt(...PAUSE_MS));
    stuckBytes.push(stuck());
    lateMs.push(await timeStop(`${nth}`, { robot, operator: operator.publish, operatorRoad }));
    sendMs.push(await timeOwnStop(robot.client, road));
  }
  const timerP99Ms = lateness.stop();
  return {
    load,
    lateMs,
    sendMs,
    framesHandled: robot.framesHandled(),
    acknowledgedWhileHung: robot.isHung() ? acknowledgedOnDataLink(road) : 0,
    stuckBytes: Math.min(...stuckBytes),
    timerP99Ms,
  };
}

interface Robot {
  readonly client: Client;
  readonly stops: ReturnType<typeof recorder<{ readonly text: string; readonly atMs: number }>>;
  readonly framesHandled: () => number;
  readonly isHung: () => boolean;
  readonly dropped: () => number;
}

/** The client under test, connected and subscribed. */
async function openRobot({
  url,
  protocol,
}: {
  readonly url: string;
  readonly protocol: Load["protocol"];
}): Promise<Robot> {
  let framesHandled = 0;
  let isHung = false;
  let dropped = 0;
  const stops = recorder<{ readonly text: string; readonly atMs: number }>();
  const onCounter = (name: string, delta: number): void => {
    if (name === "stream_dropped") dropped += delta;
  };
  // Its handler hangs on purpose: nothing is gained by waiting for it at the end.
  const client = connect({ url, clientId: "robot", protocol, drainMs: 0, hooks: { onCounter } });
  const subscriptions = [
    client.subscribe(frame, async () => {
      await pause(HANDLER_MS);
      framesHandled += 1;
    }),
    client.subscribe(
      hang,
      () => {
        isHung = true;
        return new Promise<never>(() => undefined);
      },
      { timeoutMs: 600_000 },
    ),
    client.subscribe(stop, ({ data }) => stops.push({ text: data.text, atMs: performance.now() })),
  ];
  await Promise.all(subscriptions.map(({ active }) => active));
  return { client, stops, framesHandled: () => framesHandled, isHung: () => isHung, dropped: () => dropped };
}

/** Publishes pictures faster than the road takes them; resolves when enough of them is stuck. */
async function fillUplink(
  { client, dropped }: Robot,
  { road, stack }: { readonly road: Link; readonly stack: AsyncDisposableStack },
): Promise<() => number> {
  const text = "x".repeat(PICTURE_BYTES);
  const data = road.connections().find(({ clientId }) => clientId === "robot");
  const beforeBytes = data?.up.forwardedBytes ?? 0;
  let published = 0;
  const act = (): void => {
    client.publish(picture, { text });
    published += 1;
  };
  stack.defer(startPace({ perSecond: PICTURES_PER_SECOND, act }));
  const stuck = (): number => {
    const passedBytes = (data?.up.forwardedBytes ?? 0) - beforeBytes;
    return (published - dropped()) * PICTURE_BYTES - passedBytes - CLIENT_KEEPS_BYTES;
  };
  await until(() => stuck() >= STUCK_BYTES, {
    deadlineMs: 60_000,
    describe: () => `${stuck()} bytes are stuck, ${published} pictures were published, ${dropped()} dropped`,
  });
  return stuck;
}

interface StopParts {
  readonly robot: Robot;
  readonly operator: (topic: string, payload: object) => Promise<void>;
  readonly operatorRoad: Link;
}

/** A stop from outside: from the broker's socket to the start of the robot's handler. */
async function timeStop(text: string, { robot, operator, operatorRoad }: StopParts): Promise<number> {
  const known = operatorRoad.packets().length;
  const published = operator(stop.filter, envelope(text));
  const { atMs } = await robot.stops.until((seen) => seen.text === text, { deadlineMs: 30_000 });
  await published;
  const { forwardedAtMs } = await operatorRoad.seen(
    ({ index, packet, forwarded }) => index >= known && packet?.cmd === "publish" && forwarded,
  );
  return atMs - (forwardedAtMs ?? Number.NEGATIVE_INFINITY);
}

/** A stop of the robot's own: from `publish` to the broker's socket. */
async function timeOwnStop(client: Client, road: Link): Promise<number> {
  const known = road.packets().length;
  const startedAtMs = performance.now();
  client.publish(stopOthers, { text: "" });
  const { forwardedAtMs } = await road.seen(
    ({ index, packet, direction, forwarded }) =>
      index >= known &&
      direction === "up" &&
      packet?.cmd === "publish" &&
      packet.topic === stopOthers.filter &&
      forwarded,
    { deadlineMs: 30_000 },
  );
  return (forwardedAtMs ?? Number.POSITIVE_INFINITY) - startedAtMs;
}

function acknowledgedOnDataLink(road: Link): number {
  const data = road.connections().find(({ clientId }) => clientId === "robot")?.id;
  return road
    .packets()
    .filter(
      ({ connection, direction, packet }) => connection === data && direction === "up" && packet?.cmd === "puback",
    ).length;
}

let envelopes = 0;

/** What a foreign peer sends. */
function envelope(text: string): object {
  envelopes += 1;
  const id = envelopes.toString(16).padStart(32, "0");
  return { id, type: "trial", ts: Date.now() / 1_000, source: "foreign", data: { text } };
}

/** Time that passes because a handler, or a person, takes it. */
async function pause(ms: number): Promise<void> {
  const endMs = performance.now() + ms;
  await until(() => performance.now() >= endMs);
}
