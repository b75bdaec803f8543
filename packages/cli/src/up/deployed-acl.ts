/** The access list for a broker that is not started by `tars up`: `deploy/mosquitto/acl`. */
import { type AccessRule, renderMosquittoAcl } from "@ts-tars/broker";
import { LISTED_REPLICAS, rightsOf, type ServiceDefinition, unite } from "@ts-tars/service";
import { firmwareRights, OPERATOR, operatorRights } from "./roles.ts";

/** All services of one `tars up`, which hands one user to all of them, and its own commands. */
const ROBOT = "robot";
/** As on `system/health/{service}`. */
const FIRMWARE = "movement-esp32";

const HEAD = `# Generated from what each service declares and from the contracts. Stale? See README.md beside this file.
#
# ${ROBOT}: a whole "tars up" with MQTT_URL, and its commands.
# ${OPERATOR}: a person's commands on another machine.
# ${FIRMWARE}: a body that speaks for itself.
# The others: one service each, that is run by itself.
`;

/** Its text. */
export function renderDeployedAcl(services: readonly Pick<ServiceDefinition, "name" | "topics">[]): string {
  const each = services.map(({ name, topics }) => ({
    username: name,
    rights: rightsOf(name, topics, { replicas: LISTED_REPLICAS }),
  }));
  const all = unite(operatorRights(), ...each.map(({ rights }) => rights));
  const rules: readonly AccessRule[] = [
    { username: ROBOT, rights: all },
    { username: OPERATOR, rights: operatorRights() },
    { username: FIRMWARE, rights: firmwareRights(FIRMWARE) },
    ...each,
  ];
  return `${HEAD}\n${renderMosquittoAcl(rules)}`;
}
