/** From a service's topics to what its user may do at the broker. Pure. */
import { configCurrent, configSchema, configSet, systemHealth, systemKeepalive } from "@ts-tars/contracts";
import { instanceName } from "../replica/instance-name.ts";
import type { ServiceTopics } from "./service-topics.ts";

/** What one user may do, as MQTT topic filters: each is declared once, sorted. */
export interface Rights {
  readonly publishes: readonly string[];
  readonly subscribes: readonly string[];
}

/**
 * All that a service of this name may do: what it declares, and what each service has. With `replicas` also as any of so
 * many replicas, each named one by one: a topic filter has no wildcard for a part of a level.
 */
export function rightsOf(
  service: string,
  topics: ServiceTopics,
  { replicas = 0 }: { readonly replicas?: number } = {},
): Rights {
  const numbers = [undefined, ...Array.from({ length: replicas }, (_, index) => index + 1)];
  return unite(declaredRights(topics), ...numbers.map((number) => ownRights(instanceName(service, number))));
}

/** What is declared, without what each service has. */
export function declaredRights({ publishes = [], subscribes = [], asks = [], answers = [] }: ServiceTopics): Rights {
  return unite({
    publishes: [...publishes, ...asks.map(({ request }) => request), ...answers.map(({ reply }) => reply)].map(
      filterOf,
    ),
    subscribes: [...subscribes, ...asks.map(({ reply }) => reply), ...answers.map(({ request }) => request)].map(
      filterOf,
    ),
  });
}

/** What each service says and hears of itself, by its client, whatever its work is. */
export function ownRights(service: string): Rights {
  // Binding checks the name: it becomes a level of a topic.
  const { filter: health } = systemHealth.at({ service });
  const { filter: keepalive } = systemKeepalive.at({ client_id: clientIdOf(service) });
  // Its client writes them, and at its start reads what is there.
  const letters = `dead/${service}/+`;
  const set = configSet.at({ service });
  const settings = [configSchema, configCurrent].map((topic) => topic.at({ service }).filter);
  return unite(
    { publishes: [health, keepalive, letters, ...settings], subscribes: [health, letters] },
    declaredRights({ answers: [set] }),
  );
}

/** Its client's id, unless the settings say otherwise. */
export function clientIdOf(service: string): string {
  return `tars-${service}`;
}

/** What any of them may do. */
export function unite(...all: readonly Rights[]): Rights {
  return {
    publishes: sortedOnce(all.flatMap(({ publishes }) => publishes)),
    subscribes: sortedOnce(all.flatMap(({ subscribes }) => subscribes)),
  };
}

const filterOf = ({ filter }: { readonly filter: string }): string => filter;

const sortedOnce = (filters: readonly string[]): readonly string[] => [...new Set(filters)].toSorted();
