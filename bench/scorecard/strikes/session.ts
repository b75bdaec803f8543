/** Sessions that are lost, told wrongly, or taken by somebody else. */
import { connect, type Socket } from "node:net";
import { type Endpoint, encodePacket, type Interceptor, until } from "@ts-tars/harness";
import type { Deed } from "../scorecard-case.ts";
import type { Seat } from "../seat.ts";

const WIRE_VERSIONS = { "3.1.1": 4, "5": 5 } as const;
/** As the client under test asks for. */
const SESSION_EXPIRY_SEC = 3_600;
/** On a machine at its limit. */
const ANSWER_DEADLINE_MS = 60_000;
/** MQTT 5.0, 4.13: session taken over. */
const TAKEN_OVER = 0x8e;

/** The next CONNACK says the opposite of what is; with `present` the session has been taken away before. */
export async function lieAboutSession(
  seat: Seat,
  { says, target }: Pick<Extract<Deed, { readonly do: "lie_about_session" }>, "says"> & { readonly target: Endpoint },
): Promise<void> {
  seat.link.down();
  if (says === "present") (await takeSession(seat, { target, clean: true })).end(disconnect(seat));
  let hasLied = false;
  const lie: Interceptor = (seen) => {
    if (hasLied || seen.packet?.cmd !== "connack" || !seat.isOwn(seen)) return undefined;
    hasLied = true;
    return { replace: { ...seen.packet, sessionPresent: says === "present" } };
  };
  const stopLying = seat.link.intercept(lie);
  await seat.link.up();
  await until(() => hasLied, { deadlineMs: ANSWER_DEADLINE_MS }).catch(() => undefined);
  stopLying();
}

/**
 * Somebody else connects with the client's id, takes its session over and acknowledges nothing; the client takes it back.
 *
 * A broker that says so (DISCONNECT 0x8E; Mosquitto 2.0.11 does not) ends a client by design, since two such clients would fight
 * for ever. Here it is one intruder, once, and the word is kept from the client.
 */
export async function intrude(seat: Seat, target: Endpoint): Promise<void> {
  const keepTheWord: Interceptor = ({ packet }) =>
    packet?.cmd === "disconnect" && packet.reasonCode === TAKEN_OVER ? "drop" : undefined;
  const letItPass = seat.link.intercept(keepTheWord);
  const sinceMs = performance.now();
  const intruder = await takeSession(seat, { target, clean: false });
  await seat.isBackAfter(sinceMs);
  intruder.destroy();
  letItPass();
}

/** Connects to the broker itself with the client's id; resolves at the answer. */
async function takeSession(
  { clientId, plan }: Seat,
  { target, clean }: { readonly target: Endpoint; readonly clean: boolean },
): Promise<Socket> {
  const protocolVersion = WIRE_VERSIONS[plan.protocol];
  const socket = connect({ ...target, noDelay: true });
  let hasAnswered = false;
  socket.on("error", () => undefined); // the broker closes it when the client is back
  socket.on("data", () => {
    hasAnswered = true;
  });
  const properties =
    protocolVersion === 5 && !clean ? { properties: { sessionExpiryInterval: SESSION_EXPIRY_SEC } } : {};
  const packet = { cmd: "connect", protocolId: "MQTT", protocolVersion, clientId, clean, keepalive: 60 } as const;
  socket.write(encodePacket({ ...packet, ...properties }, protocolVersion));
  await until(() => hasAnswered, { deadlineMs: ANSWER_DEADLINE_MS, describe: () => "the broker did not answer" });
  return socket;
}

function disconnect({ plan }: Seat): Buffer {
  return encodePacket({ cmd: "disconnect" }, WIRE_VERSIONS[plan.protocol]);
}
