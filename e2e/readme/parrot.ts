/** Somebody with Mosquitto's own programs and a shell, in front of the README's parrot. */
import { spawn } from "node:child_process";
import { type Link, until, within } from "@ts-tars/harness";
import { run } from "./run.ts";

const DEADLINE_MS = 30_000;

/** Publishes with `mosquitto_pub` and reads with `mosquitto_sub`. @returns what was wrong. */
export async function talkToParrot(link: Link): Promise<readonly string[]> {
  const text = `polly ${Math.random().toString(36).slice(2)}`;
  const port = ["-h", link.host, "-p", String(link.port)];
  await subscribed(link, "parrot/heard");
  const ear = spawn("mosquitto_sub", [...port, "-t", "parrot/say", "-C", "1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    let heard = "";
    ear.stdout.setEncoding("utf8").on("data", (chunk: string) => (heard += chunk));
    const ended = new Promise<void>((resolve, reject) => ear.once("error", reject).once("close", () => resolve()));
    await Promise.race([subscribed(link, "parrot/say"), ended]);

    const message = JSON.stringify({ text });
    await run("mosquitto_pub", [...port, "-q", "1", "-t", "parrot/heard", "-m", message], { cwd: process.cwd() });
    await within(DEADLINE_MS, ended, () => "mosquitto_sub heard nothing");
    const { data }: { readonly data?: { readonly text?: unknown } } = JSON.parse(heard);
    return data?.text === text ? [] : [`mosquitto_sub heard ${heard}`];
  } finally {
    ear.kill();
  }
}

/** Resolves when the broker has confirmed somebody's subscription to this filter. */
async function subscribed(link: Link, filter: string): Promise<void> {
  await until(
    () => {
      const packets = link.packets();
      const asked = packets.find(
        ({ packet }) => packet?.cmd === "subscribe" && packet.subscriptions.some(({ topic }) => topic === filter),
      );
      const id = asked?.packet?.messageId;
      return packets.some(
        ({ packet, connection, forwarded }) =>
          packet?.cmd === "suback" && forwarded && connection === asked?.connection && packet.messageId === id,
      );
    },
    { deadlineMs: DEADLINE_MS, describe: () => `nobody subscribed to ${filter}` },
  );
}
