/** What the lives of one peer noted, all together and in order. */
import type { Accepted, Declared, Handled, MessageName } from "../ledger/recording.ts";
import type { PeerNote, PeerTotals } from "./peer-messages.ts";

/** A stop that a publisher sent, and the last of the messages that it had to overtake. */
export interface StopSent {
  readonly stop: string;
  readonly behind: MessageName;
}

/** Grows while the peers live. */
export class Notes {
  readonly offered: MessageName[] = [];
  readonly accepted: Accepted[] = [];
  readonly handled: Handled[] = [];
  readonly declared: Declared[] = [];
  readonly refused: string[] = [];
  readonly logged: string[] = [];
  readonly stopsSent: StopSent[] = [];
  /** By stop: how many handler starts were noted before it. */
  readonly stopsHeard = new Map<string, number>();
  /** Messages by the clients' own ids. */
  readonly #named = new Map<string, MessageName>();
  /** Of the last life; killed ones took theirs with them. */
  totals: PeerTotals = { promises: { made: 0, settled: 0 }, counters: {}, connectionCount: 0 };

  add(note: PeerNote): void {
    switch (note.type) {
      case "offered":
        this.offered.push(note.message);
        break;
      case "accepted":
        this.accepted.push(note.note);
        this.#named.set(note.id, note.note.message);
        break;
      case "handled":
        this.handled.push(note.note);
        break;
      case "declared":
        this.declared.push(note.note);
        break;
      case "undelivered": {
        const message = this.#named.get(note.id);
        if (message !== undefined) this.declared.push({ message, reason: note.reason });
        break;
      }
      case "refused":
        this.refused.push(note.errorName);
        break;
      case "logged":
        this.logged.push(note.message);
        break;
      case "stop_sent":
        this.stopsSent.push({ stop: note.stop, behind: note.behind });
        break;
      case "stop_heard":
        if (!this.stopsHeard.has(note.stop)) this.stopsHeard.set(note.stop, this.handled.length);
    }
  }
}
