import type { BrokerExit } from "./broker.ts";
import { BrokerStartError } from "./errors.ts";

interface Listeners {
  readonly host: string;
  readonly port: number;
  readonly websocketPort: number | undefined;
}

/** Turns the end of a starting Mosquitto into an error that says what to do. */
export function explainExit(
  { code, signal, lastLines, requested }: BrokerExit,
  listeners: Listeners,
): BrokerStartError {
  const { host, port, websocketPort } = listeners;
  const log = lastLines.join("\n");
  const ports = [port, websocketPort].filter((each) => each !== undefined).join(" or ");
  if (requested) return new BrokerStartError("stopped", "Mosquitto was stopped while it was starting.", { lastLines });
  if (/address already in use/i.test(log)) {
    const message = `Port ${ports} on ${host} is in use. Stop the program that listens there, or choose another port.`;
    return new BrokerStartError("port_in_use", message, { lastLines });
  }
  if (websocketPort !== undefined && /opening websockets listen socket/i.test(log)) return noWebsockets(lastLines);
  if (/Error found at|Unknown configuration|Invalid|Unable to open|Unable to load/i.test(log)) {
    return new BrokerStartError("bad_config", "Mosquitto refused its configuration. Correct the option it names.", {
      lastLines,
    });
  }
  const end = signal === null ? `exit code ${code}` : signal;
  return new BrokerStartError("exited", `Mosquitto ended with ${end} before it accepted connections.`, { lastLines });
}

/** Debian's package is built without libwebsockets; Mosquitto then only leaves the listener out. */
export function noWebsockets(lastLines: readonly string[]): BrokerStartError {
  const message = "This build of Mosquitto has no WebSocket listener. Leave it out, or use the embedded broker.";
  return new BrokerStartError("no_websockets", message, { lastLines });
}
