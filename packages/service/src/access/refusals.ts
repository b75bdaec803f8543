import type { Log, Undelivered } from "@ts-tars/mqtt";
import type { Health } from "../service-definition.ts";

/** PUBACK of MQTT 5: not authorized. */
const NOT_AUTHORIZED = 0x87;
/** Topics have parameters, and a service may meet any number of values. */
const TOLD_MAX = 100;

const REMEDY = "Give its user the right to write there in the broker's access list, and restart the service.";

/**
 * Tells what the broker refused for want of a right: each topic once in the log, the last one in the health until the service
 * ends. Such a message is not sent again. On MQTT 3.1.1, and for streams on any version, a broker drops without a word.
 */
export function refusalTeller(service: string, { log, health }: { readonly log: Log; readonly health: Health }) {
  const told = new Set<string>();
  return ({ topic, reason, reasonCode }: Undelivered): void => {
    if (reason !== "refused" || reasonCode !== NOT_AUTHORIZED) return;
    health.degraded(`The broker does not let ${service} publish on ${topic}.`, REMEDY, "access");
    if (told.has(topic) || told.size >= TOLD_MAX) return;
    told.add(topic);
    log.error({ topic, remedy: REMEDY }, "the broker refused a message for want of a right");
  };
}
