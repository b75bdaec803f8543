/** Every canary of the project; `npm run canaries` tries them all, `npm run mutants` those of the voice loop. */
import { accessBreaks } from "./breaks/access.ts";
import { loopBreaks } from "./breaks/loop.ts";
import { mqttBreaks } from "./breaks/mqtt.ts";
import { serviceBreaks } from "./breaks/services.ts";
import type { Canary } from "./canary.ts";
import type { Groups } from "./choose.ts";

/** In the order in which they are tried. */
export const groups = {
  client: mqttBreaks,
  services: serviceBreaks,
  access: accessBreaks,
  loop: loopBreaks,
} as const satisfies Groups;

export const breaks: readonly Canary[] = Object.values(groups).flat();
