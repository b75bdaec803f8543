import { sttFinal, sttPartial, sttRefused, turnAnswer, turnReport } from "@ts-tars/contracts";
import type { Client, Subscription } from "@ts-tars/mqtt";
import type { TurnEvent } from "../turn/turn.ts";
import { failureOf, type Hearing, type HearingEvent, take, UNHEARD } from "./hearing.ts";

/** Follows the one question that is being spoken at a site, from the first partial to the report. */
export class HearingFollower {
  readonly #siteId: string;
  readonly #onPartial: (text: string) => void;
  #hearing: Hearing = UNHEARD;
  #begun = false;

  constructor(siteId: string, onPartial: (text: string) => void) {
    this.#siteId = siteId;
    this.#onPartial = onPartial;
  }

  get hearing(): Hearing {
    return this.#hearing;
  }

  /** Only what comes from here on belongs to the question. */
  begin(): void {
    this.#begun = true;
  }

  listen(client: Client, tell: (event: TurnEvent) => void): readonly Subscription[] {
    const isOurs = ({ site_id: siteId }: { readonly site_id: string }): boolean =>
      this.#begun && siteId === this.#siteId && !this.#isOver;
    return [
      client.subscribe(sttPartial, ({ data }) => {
        if (!isOurs(data)) return;
        this.#take({ type: "partly_heard", text: data.text });
        this.#onPartial(data.text);
      }),
      client.subscribe(sttFinal, ({ data }) => {
        if (isOurs(data)) this.#take({ type: "understood", final: data });
      }),
      client.subscribe(sttRefused, ({ data }) => {
        if (isOurs(data)) this.#take({ type: "refused", refusal: data });
      }),
      client.subscribe(turnAnswer, ({ data, error }) => {
        if (!isOurs(data) || !data.final) return;
        const cause = error === undefined ? {} : { reason: error.message };
        this.#take({ type: "answered", answer: { ...data, ...cause } });
        this.#endIfOver(tell);
      }),
      client.subscribe(turnReport, ({ data }) => {
        if (!isOurs(data)) return;
        this.#take({ type: "reported", report: data });
        this.#endIfOver(tell);
      }),
    ];
  }

  /** The final answer and the report, in whatever order they are handled. */
  get #isOver(): boolean {
    return this.#hearing.answer !== undefined && this.#hearing.report !== undefined;
  }

  #endIfOver(tell: (event: TurnEvent) => void): void {
    const { answer } = this.#hearing;
    if (!this.#isOver || answer === undefined) return;
    tell({ type: "ended", text: answer.text, path: answer.path, failure: failureOf(this.#hearing) });
  }

  #take(event: HearingEvent): void {
    this.#hearing = take(this.#hearing, event);
  }
}
