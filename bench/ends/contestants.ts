import type { Contestant, Ends } from "./end.ts";

/** Loads only what takes part: the others' code must not be in the process that is measured. */
export async function loadEnds(contestant: Contestant): Promise<Ends> {
  switch (contestant) {
    case "ours":
      return (await import("./ours.ts")).ours;
    case "mqttjs":
      return (await import("./mqttjs.ts")).mqttjs;
    case "mqttjs_tuned":
      return (await import("./mqttjs-tuned.ts")).mqttjsTuned;
  }
}
