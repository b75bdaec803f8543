/**
 * One typed question, from the look at the router's health to the final answer. Pure.
 *
 *   checking ──router is healthy──▶ asking ──final answer──▶ done(answered | failed)
 *      └──router is not there──▶ done(missing) ◀──router went away──┘
 *                                 done(silent) ◀──time is up──┘
 *
 * The question is sent only when somebody is there to answer it: left in the queue of a router that is down, it would be
 * answered aloud to nobody when that comes back.
 */
import type { HealthPing, TurnAnswer } from "@ts-tars/contracts";

export type Question =
  | { readonly kind: "checking"; readonly isStarting: boolean }
  | { readonly kind: "asking"; readonly sentences: readonly string[] }
  | { readonly kind: "done"; readonly outcome: Outcome };

/** How it ended. `text` is the whole answer. */
export type Outcome =
  | {
      readonly kind: "answered";
      readonly text: string;
      readonly path: TurnAnswer["path"];
      readonly sentences: readonly string[];
    }
  | { readonly kind: "failed"; readonly text: string; readonly path: TurnAnswer["path"]; readonly reason: string }
  | { readonly kind: "missing"; readonly why: string }
  | { readonly kind: "silent" };

export type QuestionEvent =
  | { readonly type: "health_heard"; readonly health: Pick<HealthPing, "ok" | "event" | "err"> }
  /** Everything retained has arrived, and the time to wait for a starting router is over. */
  | { readonly type: "check_elapsed" }
  | {
      readonly type: "answer_heard";
      readonly answer: Pick<TurnAnswer, "text" | "path" | "final" | "reason">;
      readonly error: string | undefined;
    }
  | { readonly type: "time_elapsed" };

export type QuestionEffect =
  | { readonly do: "ask" }
  | { readonly do: "print"; readonly sentence: string }
  | { readonly do: "finish"; readonly outcome: Outcome };

/** Nothing is known yet. */
export const UNASKED: Question = Object.freeze({ kind: "checking", isStarting: false });

type Step = readonly [Question, readonly QuestionEffect[]];

/** The next state, and what must be done to get there, in order. */
export function step(state: Question, event: QuestionEvent): Step {
  if (state.kind === "done") return [state, []];
  switch (event.type) {
    case "health_heard":
      return healthHeard(state, event.health);
    case "check_elapsed":
      return state.kind === "checking" ? finish({ kind: "missing", why: whyUnheard(state) }) : [state, []];
    case "answer_heard":
      return state.kind === "asking" ? answerHeard(state, event) : [state, []];
    case "time_elapsed":
      return finish({ kind: "silent" });
  }
}

function healthHeard(
  state: Exclude<Question, { kind: "done" }>,
  health: Pick<HealthPing, "ok" | "event" | "err">,
): Step {
  if (health.ok) return state.kind === "checking" ? [{ kind: "asking", sentences: [] }, [{ do: "ask" }]] : [state, []];
  if (state.kind === "checking" && health.event === "starting") return [{ kind: "checking", isStarting: true }, []];
  return finish({ kind: "missing", why: whyUnhealthy(health) });
}

function answerHeard(
  { sentences }: Extract<Question, { kind: "asking" }>,
  { answer, error }: Extract<QuestionEvent, { type: "answer_heard" }>,
): Step {
  if (!answer.final) {
    return [{ kind: "asking", sentences: [...sentences, answer.text] }, [{ do: "print", sentence: answer.text }]];
  }
  const { text, path } = answer;
  if (error !== undefined || path === "error" || path === "cancelled") {
    return finish({ kind: "failed", text, path, reason: error ?? answer.reason ?? text });
  }
  return finish({ kind: "answered", text, path, sentences });
}

function finish(outcome: Outcome): Step {
  return [{ kind: "done", outcome }, [{ do: "finish", outcome }]];
}

function whyUnhealthy({ event, err }: Pick<HealthPing, "event" | "err">): string {
  if (event === "shutdown") return "it was stopped.";
  if (event === "lost") return "its connection broke; it crashed, or its machine is gone.";
  return err ?? `its health says "${event ?? "not ok"}".`;
}

const whyUnheard = ({ isStarting }: Extract<Question, { kind: "checking" }>): string =>
  isStarting ? "it is still starting." : "no health of it was ever published at this broker.";
