/**
 * A handler that blocks the event loop for twenty seconds is reported with its topic, the link is there again afterwards,
 * and the message is not handled twice: with the client's defaults, and with a keepalive at which the broker is sure to
 * give the client up meanwhile.
 *
 *   npm run accept:block
 *
 * Exit code 1 when anything does not hold.
 */
import { openBroker, rawClient, recorder } from "@ts-tars/harness";
import { connect, defineTopic, type Log } from "@ts-tars/mqtt";
import { z } from "zod";
import { openChecks } from "./support/checks.ts";

const BLOCK_MS = 20_000;
/** Half of it again is what the broker waits for; Mosquitto looks every five seconds. */
const SHORT_KEEPALIVE_SEC = 5;

const word = defineTopic({
  name: "block/word",
  type: "block.word",
  delivery: "event",
  payload: z.object({ text: z.string() }),
});

interface Trial {
  readonly protocol: "5" | "3.1.1";
  readonly keepaliveSec: number | undefined;
  readonly blocks: "at once" | "after an await";
}

const trials: readonly Trial[] = [
  { protocol: "5", keepaliveSec: undefined, blocks: "at once" },
  { protocol: "3.1.1", keepaliveSec: undefined, blocks: "after an await" },
  { protocol: "5", keepaliveSec: SHORT_KEEPALIVE_SEC, blocks: "after an await" },
  { protocol: "3.1.1", keepaliveSec: SHORT_KEEPALIVE_SEC, blocks: "at once" },
];

const write = (line: string): void => void process.stdout.write(`${line}\n`);
const checks = openChecks(write);
for (const trial of trials) await run(trial);
process.exitCode = checks.failures() === 0 ? 0 : 1;

async function run({ protocol, keepaliveSec, blocks }: Trial): Promise<void> {
  const name = `MQTT ${protocol}, ${keepaliveSec === undefined ? "defaults" : `keepalive ${keepaliveSec} s`}, blocked ${blocks}`;
  await using broker = await openBroker({ persistence: true });
  const errors = recorder<{ readonly fields: Readonly<Record<string, unknown>>; readonly message: string }>();
  const ignore = (): void => undefined;
  const log: Log = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (fields, message) => errors.push({ fields, message }),
  };
  await using client = connect({
    url: broker.url,
    clientId: "blocked",
    protocol,
    log,
    ...(keepaliveSec !== undefined && { keepaliveSec }),
  });
  const handled = recorder<string>();
  const subscription = client.subscribe(word, async ({ data }) => {
    handled.push(data.text);
    if (data.text !== "blocks") return;
    if (blocks === "after an await") await new Promise((resolve) => setImmediate(resolve));
    blockLoop();
  });
  await subscription.active;
  await using publisher = await rawClient({ url: broker.url, mqttOptions: { keepalive: 120 } });

  await publisher.publish(word.filter, envelope("blocks"));
  const report = await errors.until(({ message }) => message.includes("blocked"), { deadlineMs: BLOCK_MS + 10_000 });
  await publisher.publish(word.filter, envelope("next"));
  await handled.until((text) => text === "next", { deadlineMs: 30_000 });
  await client.publishConfirmed(word, { text: "last" }, { timeoutMs: 30_000 });
  await handled.until((text) => text === "last", { deadlineMs: 30_000 });

  const told = JSON.stringify(report.fields);
  checks.check(`${name}: it is reported with its topic`, told.includes(word.filter), told);
  const { state } = client;
  const isBack = state.kind === "up" && (keepaliveSec === undefined || state.epoch > 1);
  checks.check(
    `${name}: the link is there again`,
    isBack,
    state.kind === "up" ? `connection ${state.epoch}` : state.kind,
  );
  checks.check(`${name}: nothing was handled twice`, handled.seen.join() === "blocks,next,last", handled.seen.join());
}

function blockLoop(): void {
  const endMs = performance.now() + BLOCK_MS;
  while (performance.now() < endMs);
}

function envelope(text: string): object {
  const id = Buffer.from(text).toString("hex").padStart(32, "0");
  return { id, type: "block.word", ts: Date.now() / 1_000, source: "foreign", data: { text } };
}
