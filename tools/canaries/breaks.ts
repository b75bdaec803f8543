/** Every canary of the project; `npm run canaries` tries them all. */
import { mqttBreaks } from "./breaks/mqtt.ts";
import { serviceBreaks } from "./breaks/services.ts";
import type { Canary } from "./canary.ts";

/** In the order in which they are tried. */
export const breaks: readonly Canary[] = [...mqttBreaks, ...serviceBreaks];
