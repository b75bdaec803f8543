import type { Clock } from "./clock.ts";
import type { OpenTransport } from "./transport/transport.ts";

/** What tests replace. */
export interface CoreDeps {
  readonly clock: Clock;
  readonly random: () => number;
  readonly open: OpenTransport;
}
