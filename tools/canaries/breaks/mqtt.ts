import type { Canary } from "../canary.ts";
import { linkBreaks } from "./mqtt-link.ts";
import { publishBreaks } from "./mqtt-publish.ts";
import { receiveBreaks } from "./mqtt-receive.ts";

/** Breaks of the client. */
export const mqttBreaks: readonly Canary[] = [...receiveBreaks, ...publishBreaks, ...linkBreaks];
