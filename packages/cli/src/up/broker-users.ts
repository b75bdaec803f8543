/** The users of a broker of our own: each service by its name, and the operator. */
import type { AccessRule } from "@ts-tars/broker";
import { LISTED_REPLICAS, type Rights, rightsOf, type ServiceDefinition, unite } from "@ts-tars/service";
import { OPERATOR, operatorRights } from "./roles.ts";

type Declared = Pick<ServiceDefinition, "name" | "topics">;

/** Who is started, and who is left to somebody who runs it by hand. */
export interface Cast {
  readonly started: readonly Declared[];
  readonly byHand: readonly Declared[];
}

/**
 * A user for each service that is started, with the rights to what it declares. Whoever runs a service by hand has but what
 * `run.json` says, so the operator has the rights of those, too.
 */
export function brokerUsers({ started, byHand }: Cast): readonly AccessRule[] {
  const operator = unite(operatorRights(), ...byHand.map(rightsIn));
  return [
    { username: OPERATOR, rights: operator },
    ...started.map((service) => ({ username: service.name, rights: rightsIn(service) })),
  ];
}

const rightsIn = ({ name, topics }: Declared): Rights => rightsOf(name, topics, { replicas: LISTED_REPLICAS });
