import { defineTopic } from "@ts-tars/mqtt";
import { z } from "zod";

/** What the clients of one group say: so many robots, one listener. */
export const groupTopic = defineTopic({
  name: "scale/{group}",
  type: "scale.said",
  delivery: "event",
  payload: z.object({ key: z.string(), seq: z.int(), padding: z.string() }),
  key: ({ key }) => key,
});

/** What is for one client alone; nobody says anything there. Its SUBACK shows that the client is back with all it wants. */
export const ownTopic = defineTopic({
  name: "scale/own/{client}",
  type: "scale.own",
  delivery: "stream",
  payload: z.object({}),
});

/** The MQTT client id of a client of the fleet, by its number. */
export const clientIdOf = (client: number): string => `scale-${client}`;

/** The key of everything that a client says. */
export const keyOf = (client: number): string => `c${client}`;

/** The client that listens to this one; the first ones listen, each to as many. */
export const listenerOf = (client: number, listenerCount: number): number => client % listenerCount;
