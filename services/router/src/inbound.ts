/** What reaches the router's one loop, and what the subscriptions need to bring it there. Types only. */
import type { Client } from "@ts-tars/mqtt";
import type { Mailbox } from "@ts-tars/service";
import type { Call } from "./arbitration.ts";
import type { HearingSign, Lost, WorkerSign } from "./peers.ts";
import type { Reading } from "./plans.ts";
import type { Happening } from "./site.ts";

export type Inbound =
  | { readonly type: "at_site"; readonly siteId: string; readonly happening: Happening }
  /** Somebody said the wake phrase; other sites may have heard it too. */
  | { readonly type: "call_heard"; readonly call: Call }
  | { readonly type: "calls_due" }
  | { readonly type: "to_turn"; readonly happening: Happening }
  | { readonly type: "worker_seen"; readonly who: Lost; readonly sign: WorkerSign }
  | { readonly type: "worker_unseen" }
  | { readonly type: "hearing_seen"; readonly sign: HearingSign }
  /** To a broker that may have lost what was sent last. */
  | { readonly type: "reconnected" }
  | { readonly type: "stopping" };

export interface Hearer {
  readonly client: Client;
  readonly inbox: Mailbox<Inbound>;
  readonly boot: string;
  /** What words mean, and what follows from them. */
  readonly interpret: (text: string) => Reading;
  /** Of a turn that begins here. */
  readonly newId: () => string;
  /**
   * Resolves when it is known which workers are there. What was asked while the router was away comes before their
   * health, and would find neither a model nor a loudspeaker.
   */
  readonly met: Promise<void>;
}
