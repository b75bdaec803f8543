import { createHash, timingSafeEqual } from "node:crypto";
import type { Aedes, Client } from "aedes";
import { mayPublish, maySubscribe, requireRules } from "./access-rules.ts";
import type { BrokerUser } from "./broker.ts";

/** A message that the embedded broker accepted and gave to nobody. */
export interface RefusedPublish {
  readonly username: string;
  readonly clientId: string;
  readonly topic: string;
}

/** How the embedded broker asks who may come in and what he may do. */
export interface Gatekeeper {
  readonly authenticate: Aedes["authenticate"];
  readonly authorizePublish: Aedes["authorizePublish"];
  readonly authorizeSubscribe: Aedes["authorizeSubscribe"];
  readonly authorizeForward: Aedes["authorizeForward"];
}

/** A topic that nobody can subscribe to: `#` does not cover it, and `authorizeSubscribe` refuses it by name. */
const NOWHERE = "$refused";

/** Compared with when the user is unknown, so that both refusals take the same time. */
const NOBODY = new Uint8Array(32);

/**
 * Lets in who knows a password, and gives each his rights. What may not be published is acknowledged and dropped, as
 * Mosquitto does on MQTT 3.1.1 (Aedes by itself would end the connection, and a client would come back with the same
 * message), and told to `onRefused`. What may not be read is refused at SUBSCRIBE; what a session still holds is not sent.
 *
 * @throws {TypeError} when a name or filter could not stand in an access list of Mosquitto either.
 */
export function gatekeeper(
  users: readonly BrokerUser[],
  onRefused: (refused: RefusedPublish) => void = () => undefined,
): Gatekeeper {
  requireRules(users);
  const known = new Map(users.map((user) => [user.username, { user, expected: digest(user.password) }]));
  const present = new WeakMap<Client, BrokerUser>();
  return {
    authenticate: (client, username, password, done) => {
      const found = username === undefined ? undefined : known.get(username);
      const isRight = timingSafeEqual(digest(password ?? ""), found?.expected ?? NOBODY) && found !== undefined;
      if (isRight) {
        present.set(client, found.user);
        return done(null, true);
      }
      // 4 is "bad user name or password" of MQTT 3.1.1.
      done(Object.assign(new Error("Bad user name or password."), { returnCode: 4 }), null);
    },
    authorizePublish: (client, packet, done) => {
      const user = client === null ? undefined : present.get(client);
      if (client !== null && user?.rights !== undefined && !mayPublish(user.rights, packet.topic)) {
        onRefused({ username: user.username, clientId: client.id, topic: packet.topic });
        Object.assign(packet, { topic: NOWHERE, retain: false });
      }
      done(null);
    },
    authorizeSubscribe: (client, subscription, done) => {
      const rights = present.get(client)?.rights;
      const may = subscription.topic !== NOWHERE && (rights === undefined || maySubscribe(rights, subscription.topic));
      done(null, may ? subscription : null);
    },
    authorizeForward: (client, packet) => {
      const rights = present.get(client)?.rights;
      return rights === undefined || maySubscribe(rights, packet.topic) ? packet : null;
    },
  };
}

function digest(text: string | Uint8Array): Uint8Array {
  return createHash("sha256").update(text).digest();
}
