import type { Socket } from "node:net";
import type { Packet } from "mqtt-packet";
import type { FrameReader } from "./decode.ts";
import { frameSplitter } from "./frames.ts";
import type { Direction, Draft, LinkConnection, LinkPacket } from "./record.ts";
import type { Road } from "./road.ts";
import { applyVerdict, type Verdict } from "./verdict.ts";

/** What came in, before the link has given it its place in the record. */
export type Arrival = Pick<LinkPacket, "connection" | "direction" | "kind" | "packet" | "bytes">;

/** One direction of one connection: where its bytes come from, where they go, who is told. */
export interface SideDeps {
  readonly direction: Direction;
  readonly source: Socket;
  readonly sink: Socket;
  readonly road: Road;
  readonly reader: FrameReader;
  readonly view: Draft<LinkConnection>;
  readonly record: (arrival: Arrival) => { readonly record: Draft<LinkPacket>; readonly verdict: Verdict };
  /** The other side has taken a packet, or a part of it. */
  readonly onForwarded: (record: LinkPacket) => void;
}

/** One direction of one connection, at work. */
export interface Side {
  /** The source is closed: what it left incomplete is recorded, and the other side told after everything before. */
  sourceClosed(how: "end" | "reset"): void;
  /** Nothing goes on any more, by a cut or for a half-open connection; what was incomplete is recorded. */
  discard(): void;
}

/** More than this waiting: the sender is no longer read, as on a road that takes nothing. */
const MAX_QUEUED_BYTES = 256 * 1024;
/** Type byte of CONNECT; a connection that starts otherwise is no plain MQTT. */
const CONNECT_TYPE = 0x10;

/** Starts to read the source. */
export function openSide(deps: SideDeps): Side {
  const { direction, source, view, reader, road } = deps;
  const counts = view[direction] as Draft<LinkConnection["up"]>; // made writable by the same link
  const splitter = frameSplitter();
  const lane = road.open(deps.sink, {
    onForwarded: (bytes, record) => {
      counts.forwardedBytes += bytes;
      if (record === undefined) return;
      noteForwarded(record, bytes);
      deps.onForwarded(record);
    },
    onRoom: () => {
      if (lane.queuedBytes < MAX_QUEUED_BYTES) source.resume();
    },
  });

  function pass(kind: LinkPacket["kind"], bytes: Buffer, packet?: Packet): void {
    const { record, verdict } = deps.record({ connection: view.id, direction, kind, bytes, packet });
    const sent = applyVerdict(bytes, verdict, reader.connect?.protocolVersion ?? 4);
    record.sentBytes = sent?.length ?? 0;
    if (sent !== undefined) road.send(lane, { bytes: sent, record });
  }

  function passFrame(frame: Buffer): void {
    const packet = reader.read(frame);
    if (packet?.cmd === "connect") Object.assign(view, reader.connect);
    pass(packet === undefined ? "malformed" : "packet", frame, packet);
  }

  function passRest(kind: "partial" | "malformed"): void {
    const rest = splitter.takeRest();
    if (rest.length > 0) pass(kind, rest);
  }

  source.on("data", (chunk: Buffer) => {
    if (direction === "up" && counts.receivedBytes === 0) view.isOpaque = chunk[0] !== CONNECT_TYPE;
    counts.receivedBytes += chunk.length;
    if (view.isOpaque) road.send(lane, { bytes: chunk, record: undefined });
    else for (const frame of splitter.push(chunk)) passFrame(frame);
    if (splitter.isBroken) passRest("malformed");
    if (lane.queuedBytes >= MAX_QUEUED_BYTES) source.pause();
  });

  return {
    sourceClosed: (how) => {
      passRest("partial");
      road.send(lane, how);
    },
    discard: () => {
      road.discard(lane);
      passRest("partial");
      source.resume();
    },
  };
}

function noteForwarded(record: Draft<LinkPacket>, bytes: number): void {
  record.forwardedBytes += bytes;
  record.forwarded = record.forwardedBytes >= record.sentBytes;
  if (record.forwarded) record.forwardedAtMs = performance.now();
}
