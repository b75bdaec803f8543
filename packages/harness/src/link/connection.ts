import { connect, type Socket } from "node:net";
import type { Endpoint } from "../endpoint.ts";
import { frameReader } from "./decode.ts";
import type { Direction, Draft, LinkConnection } from "./record.ts";
import type { Road } from "./road.ts";
import { openSide, type Side, type SideDeps } from "./side.ts";

/** What a connection needs of its link. */
export interface ConnectionDeps extends Pick<SideDeps, "record" | "onForwarded"> {
  readonly id: number;
  readonly target: Endpoint;
  readonly roads: Readonly<Record<Direction, Road>>;
  readonly onTargetRefused: () => void;
  /** Both sides are closed. */
  readonly onClosed: () => unknown;
}

/** A connection as its link drives it. */
export interface Connection {
  readonly view: LinkConnection;
  /** Swallows everything from now on, and for good. */
  makeHalfOpen(): void;
  /** Closes both sides now; what waits is lost. */
  cut(how: "destroy" | "reset"): void;
}

/** Takes over a client's socket and dials the broker for it. */
export function openConnection(client: Socket, deps: ConnectionDeps): Connection {
  const broker = connect({ ...deps.target, noDelay: true, allowHalfOpen: true });
  const reader = frameReader();
  const view = newView(deps.id);
  const shared = { reader, view, record: deps.record, onForwarded: deps.onForwarded };
  const up = openSide({ ...shared, direction: "up", source: client, sink: broker, road: deps.roads.up });
  const down = openSide({ ...shared, direction: "down", source: broker, sink: client, road: deps.roads.down });
  const noteClosed = (by: NonNullable<LinkConnection["closedBy"]>): void => {
    view.closedBy ??= by;
    view.closedAtMs ??= performance.now();
  };
  const closing = [
    watchClose(client, up, () => noteClosed("client")),
    watchClose(broker, down, () => noteClosed("broker")),
  ];
  void Promise.all(closing).then(() => {
    up.discard();
    down.discard();
    deps.onClosed();
  });
  broker.on("error", (error: NodeJS.ErrnoException) => {
    if (error.syscall !== "connect") return;
    noteClosed("target");
    client.resetAndDestroy();
    if (error.code === "ECONNREFUSED") deps.onTargetRefused();
  });
  return {
    view,
    makeHalfOpen: () => {
      view.isHalfOpen = true;
      up.discard();
      down.discard();
    },
    cut: (how) => {
      noteClosed("link");
      up.discard();
      down.discard();
      for (const socket of [client, broker]) {
        if (how === "reset") socket.resetAndDestroy();
        else socket.destroy();
      }
    },
  };
}

/** Tells the other side of an end or a reset; resolves when the socket is closed. */
function watchClose(socket: Socket, side: Side, onFirst: () => void): Promise<void> {
  let hasEnded = false;
  const closed = (how: "end" | "reset"): void => {
    if (hasEnded) return;
    hasEnded = true;
    onFirst();
    side.sourceClosed(how);
  };
  socket.on("end", () => closed("end"));
  socket.on("error", () => undefined); // the close that follows is what counts
  return new Promise((resolve) => {
    socket.on("close", () => {
      closed("reset");
      resolve();
    });
  });
}

function newView(id: number): Draft<LinkConnection> {
  return {
    id,
    openedAtMs: performance.now(),
    closedAtMs: undefined,
    closedBy: undefined,
    clientId: undefined,
    protocolVersion: undefined,
    isOpaque: false,
    isHalfOpen: false,
    up: { receivedBytes: 0, forwardedBytes: 0 },
    down: { receivedBytes: 0, forwardedBytes: 0 },
  };
}
