import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { PrivateSession, type SessionDeps } from "./private-session.ts";

/** A bus that nobody but the process that opened it can reach. */
export interface PrivateBroker extends AsyncDisposable {
  readonly url: string;
  readonly credentials: { readonly username: string; readonly password: string };
}

const HOST = "127.0.0.1";
const USERNAME = "rehearsal";

/**
 * Passes messages between so many connections, over loopback as a broker does, so that everything between the code of a service
 * and the kernel is used. Lets in only who has the password, drawn anew each time, and nobody at all once they are complete.
 * Keeps nothing: no retained messages, no sessions, no wills. Rejects with the error of `listen`.
 */
export async function openPrivateBroker({ connections }: { readonly connections: number }): Promise<PrivateBroker> {
  const password = randomBytes(24).toString("base64url");
  const sessions = new Set<PrivateSession>();
  const sockets = new Set<Socket>();
  const admits: SessionDeps["admits"] = ({ username, password: given }) =>
    username === USERNAME && given?.toString() === password;
  const pass: SessionDeps["pass"] = (packet) => {
    for (const session of sessions) session.deliver(packet);
  };
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    const session = new PrivateSession(socket, {
      admits,
      pass,
      onAdmitted: () => {
        sessions.add(session);
        socket.once("close", () => sessions.delete(session));
        if (sessions.size === connections) server.close();
      },
    });
  });
  server.maxConnections = connections;
  server.listen(0, HOST);
  await once(server, "listening");
  // Without a listener it would end the process; who cannot get in says so.
  server.on("error", () => undefined);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `mqtt://${HOST}:${port}`,
    credentials: { username: USERNAME, password },
    [Symbol.asyncDispose]: async () => {
      const closed = [...sockets].map((socket) => once(socket, "close"));
      if (server.listening) closed.push(once(server, "close"));
      server.close();
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}
