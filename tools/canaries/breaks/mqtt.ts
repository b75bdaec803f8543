import type { Canary } from "../canary.ts";
import { contractBreaks } from "./mqtt-contract.ts";
import { linkBreaks } from "./mqtt-link.ts";
import { publishBreaks } from "./mqtt-publish.ts";
import { receiveBreaks } from "./mqtt-receive.ts";
import { spanBreaks } from "./mqtt-spans.ts";
import { stateBreaks } from "./mqtt-state.ts";
import { transportBreaks } from "./mqtt-transport.ts";

/** Breaks of the client. */
export const mqttBreaks: readonly Canary[] = [
  ...receiveBreaks,
  ...publishBreaks,
  ...contractBreaks,
  ...linkBreaks,
  ...stateBreaks,
  ...transportBreaks,
  ...spanBreaks,
];
