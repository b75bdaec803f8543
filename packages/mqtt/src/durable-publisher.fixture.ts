/**
 * A process of its own that publishes as its standard input says: `url protocol directory`. It prints each number behind which
 * `publish` has returned, and what became of each order.
 */
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { connect } from "./connect.ts";
import { errand, wish } from "./durable-topics.fixture.ts";
import { MqttError } from "./errors.ts";
import { stateDirectory } from "./outbox/state-directory.ts";

const [url = "", protocol = "", directory = ""] = process.argv.slice(2);
// Written before anything else happens: what was said is a lower bound of what was accepted.
const say = (line: string): void => void writeSync(1, `${line}\n`);

const client = connect({
  url,
  clientId: "publisher",
  protocol: protocol === "5" ? "5" : "3.1.1",
  state: stateDirectory(directory),
  reconnect: { minDelayMs: 20, maxDelayMs: 100 },
});
say("open");

/** Publishes for ever, as fast as the disk lets it, and lets the client work in between. */
async function stream(first: number): Promise<void> {
  for (let n = first; ; n += 1) {
    client.publish(wish, { text: String(n) });
    say(String(n));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const orders: Readonly<Record<string, (text: string) => unknown>> = {
  stream: (first) => stream(Number(first)),
  wish: (text) => client.publish(wish, { text: text.padEnd(20_000, ".") }),
  errand: (key) => client.publish(errand, { key, n: 0 }),
  flush: () => client.flush({ timeoutMs: 30_000 }),
  close: () => client.close(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [order = "", text = ""] = line.split(" ");
  try {
    await orders[order]?.(text);
    say(`${order} done`);
  } catch (error) {
    say(`${order} ${error instanceof MqttError ? error.code : String(error)}`);
  }
  if (order === "close") break;
}
process.exit(0);
