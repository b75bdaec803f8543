/** What a client in C makes of the same load: `mosquitto_pub` to `mosquitto_sub`, the floor under everybody's figures. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { openBroker, within } from "@ts-tars/harness";
import type { Measure } from "../comparison/bench-case.ts";
import { createData } from "../ends/payload.ts";
import { monotonicMs } from "./monotonic.ts";

const TOPIC = "bench/t0";
const DEADLINE_MS = 120_000;
/** Lines handed over in one piece. */
const STRIDE = 1_000;

/**
 * The time from the start of `mosquitto_pub`, which reads lines, to the end of `mosquitto_sub`, which leaves after the last of them.
 * A retained message before the first one shows that it has subscribed.
 */
export function floor({ qos, messageCount }: { readonly qos: 0 | 1; readonly messageCount: number }): Measure {
  return async ({ text, scale, signal }) => {
    await using broker = await openBroker({ persistence: false, maxQueued: 1_000_000, unheard: true });
    const address = ["-h", broker.target.host, "-p", `${broker.port}`, "-t", TOPIC, "-q", `${qos}`];
    await ended("mosquitto_pub", [...address, "-r", "-m", "subscribed"], signal);
    const count = Math.max(1_000, Math.round(messageCount * scale));
    const subscriber = spawn("mosquitto_sub", [...address, "-C", `${count + 1}`], {
      stdio: ["ignore", "pipe", "inherit"],
      signal,
    });
    const left = once(subscriber, "exit");
    await within(DEADLINE_MS, once(subscriber.stdout, "data"), () => "mosquitto_sub has not subscribed");
    subscriber.stdout.resume();
    const startedAtMs = monotonicMs();
    const publisher = spawn("mosquitto_pub", [...address, "-l"], { stdio: ["pipe", "ignore", "inherit"], signal });
    await pipeline(Readable.from(lines(text, count)), publisher.stdin);
    await within(DEADLINE_MS, left, () => `mosquitto_sub has not received ${count} messages`);
    return { "messages per second": (1_000 * count) / (monotonicMs() - startedAtMs) };
  };
}

function* lines(text: string, count: number): Generator<string> {
  for (let seq = 0; seq < count; seq += STRIDE) {
    const data = createData("300 B", { seq, sentAtMs: 0, key: "k0", text });
    yield `${JSON.stringify(data)}\n`.repeat(Math.min(STRIDE, count - seq));
  }
}

async function ended(program: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  const [code] = await once(spawn(program, args, { stdio: "inherit", signal }), "exit");
  if (code !== 0) throw new Error(`${program} ended with code ${code}.`);
}
