import { sttFinal, sttPartial, sttRefused, turnAnswer, turnReport } from "@ts-tars/contracts";
import type { Client, Subscription } from "@ts-tars/mqtt";
import type { TurnEvent } from "../turn/turn.ts";
import { failureOf, type Hearing, type HearingEvent, take, UNHEARD } from "./hearing.ts";

/** Follows one spoken question, from the first partial to the report; other turns of its site are nobody's business. */
export class HearingFollower {
  readonly #uttId: string;
  readonly #onPartial: (text: string) => void;
  #hearing: Hearing = UNHEARD;

  constructor(uttId: string, onPartial: (text: string) => void) {
    this.#uttId = uttId;
    this.#onPartial = onPartial;
  }

  get hearing(): Hearing {
    return this.#hearing;
  }

  listen(client: Client, tell: (event: TurnEvent) => void): readonly Subscription[] {
    const isOurs = ({ utt_id: uttId }: { readonly utt_id?: string | undefined }): boolean =>
      uttId === this.#uttId && !this.#isOver;
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
