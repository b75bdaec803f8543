import type { Client, Log } from "@ts-tars/mqtt";
import type { ServiceTopics } from "./access/service-topics.ts";
import type { ConfigDefinition, Fields, Values } from "./config/define.ts";
import { withLogLevel } from "./config/log-config.ts";
import type { LiveSettings } from "./config/running-settings.ts";
import type { Service } from "./lifetime.ts";

/** How a service tells the others how it is; published on `system/health/{service}` at every change. */
export interface Health {
  /** All is well again with a part of the service (the default once the service is ready). */
  ok(part?: string): void;
  /**
   * Works, but not as it should: what is missing, and the one thing a person can do about it, a sentence each. Every part of a
   * service (its microphone, its recogniser) has its own; a service with one part names none.
   */
  degraded(reason: string, remedy: string, part?: string): void;
  /** Merges facts worth showing into the health message (`{ engine: "espeak-ng" }`); `undefined` removes one. */
  detail(fields: Readonly<Record<string, string | number | boolean | undefined>>): void;
}

/** What a service is made from. Everything in it is already running, and is closed after the service has ended. */
export interface ServiceDeps<Config> {
  /** As it was at the start. */
  readonly config: Config;
  /** What of it changes meanwhile: the settings that are declared `live`. */
  readonly settings: LiveSettings<Config>;
  /** Connected or about to be; `source`, presence, heartbeat and the control link are set up. */
  readonly client: Client;
  readonly log: Log;
  readonly health: Health;
  /** 32 hex, one per process life of this service: what it retains is void once its `boot` is another. */
  readonly boot: string;
  /**
   * As which group the replicas of this service share its requests, for `share` of `subscribe` and `respond`; undefined where
   * it runs once, or is not one that shares.
   */
  readonly share: string | undefined;
}

/**
 * How a service is rehearsed behind its start, in private: what runs a few times a turn would else stay cold code for hours, and be
 * slow in every turn (decision 40). Nothing of a rehearsal is heard or kept outside.
 */
export interface Rehearsal<Config> {
  /** The service itself, with ports that touch nothing: no device, no program, no file. Its bus, log and health are private. */
  create(deps: ServiceDeps<Config>): Service | Promise<Service>;
  /** Plays all others. Called once, before the service runs; resolves when they hear. */
  cast(others: Client): Promise<Round>;
}

/** One turn, from the first message to the service to the last one from it; `number` counts from 0. Rejects when it goes wrong. */
export type Round = (number: number) => Promise<void>;

/** A service as a process needs it: `runService` makes one of it, `startService` runs it inside another. */
export interface ServiceDefinition<F extends Fields = Fields> {
  /** As on `system/health/{service}`: `router`, `llm-worker`; a replica adds its number there. */
  readonly name: string;
  /** Everything that it says and hears: nothing else gets past the broker, nor past its own client. */
  readonly topics: ServiceTopics;
  /**
   * It keeps nothing between two requests, so that each may go to any of its replicas (`TARS_REPLICA`). A replica then has no
   * session at the broker, and needs MQTT 5. Default false: replicas are for different sites or bodies, and all hear all.
   */
  readonly sharesRequests?: boolean;
  readonly config: ConfigDefinition<F>;
  /** Opens what the service needs. A rejection is an internal fault; what can be absent is opened as a degraded port. */
  create(deps: ServiceDeps<Values<F>>): Service | Promise<Service>;
  /** How its turns are rehearsed behind the start; without, none is. */
  readonly rehearsal?: Rehearsal<Values<F>>;
}

/** Declares a service; beside its own settings it has a log level. Each service's `index.ts` exports one, `main.ts` gives it to `runService`. */
export function defineService<const F extends Fields>(definition: ServiceDefinition<F>): ServiceDefinition<F> {
  return Object.freeze({ ...definition, config: withLogLevel(definition.config) });
}
