/**
 * One turn that a command begins, from the look at the router's health to the turn's end. Pure.
 *
 *   checking ──router is healthy──▶ running ──it ended──▶ done(finished | failed)
 *      └──router is not there──▶ done(missing) ◀──router went away──┘
 *                                 done(silent) ◀──time is up──┘
 *
 * A command has no session at the broker: what is said while its connection is down is not said again. So a running turn that the
 * router's state does not name, yet, after a reconnect or any more, is doubted, and given up when its end does not come in a moment.
 *
 * The turn is begun only when somebody is there to conduct it: left in the queue of a router that is down, it would be
 * answered aloud to nobody when that comes back.
 */
import type { HealthPing, TurnAnswer } from "@ts-tars/contracts";

export type Turn =
  | { readonly kind: "checking"; readonly isStarting: boolean }
  | { readonly kind: "running"; readonly sentences: readonly string[]; readonly isDoubted: boolean }
  | { readonly kind: "done"; readonly outcome: Outcome };

/** How it ended. */
export type Outcome =
  | (Told & { readonly kind: "finished" })
  | (Told & { readonly kind: "failed"; readonly reason: string })
  | { readonly kind: "missing"; readonly why: string }
  | { readonly kind: "silent" };

/** What the robot said: the whole text at the end, the sentences before it. */
interface Told {
  readonly text: string;
  readonly path: Path;
  readonly sentences: readonly string[];
}

/** Where an answer came from; a text to be said comes from nowhere. */
export type Path = TurnAnswer["path"] | undefined;

type RouterHealth = Pick<HealthPing, "ok" | "event" | "err">;

export type TurnEvent =
  | { readonly type: "health_heard"; readonly health: RouterHealth }
  /** Everything retained has arrived, and the time to wait for a starting router is over. */
  | { readonly type: "check_elapsed" }
  /** Whether the router works on the turn is not known: it was begun just now, or the connection was lost and is there again. */
  | { readonly type: "sight_lost" }
  /** What `turn/state` says: whether the router still works on the turn. */
  | { readonly type: "state_heard"; readonly isOpen: boolean }
  /** Doubt has lasted. */
  | { readonly type: "doubt_elapsed" }
  | { readonly type: "sentence_heard"; readonly text: string }
  /** `failure`: why it did not come to a good end. */
  | { readonly type: "ended"; readonly text: string; readonly path: Path; readonly failure: string | undefined }
  | { readonly type: "time_elapsed" };

export type TurnEffect =
  | { readonly do: "begin" }
  | { readonly do: "print"; readonly sentence: string }
  /** Whether the turn is still there will be clear in a moment: `doubt_elapsed` unless `trust` comes first. */
  | { readonly do: "doubt" | "trust" }
  | { readonly do: "finish"; readonly outcome: Outcome };

const LOST = "The connection to the broker broke, and the end of the answer was lost with it. Ask again.";

/** Nothing is known yet. */
export const UNBEGUN: Turn = Object.freeze({ kind: "checking", isStarting: false });

type Step = readonly [Turn, readonly TurnEffect[]];

/** The next state, and what must be done to get there, in order. */
export function step(state: Turn, event: TurnEvent): Step {
  if (state.kind === "done") return [state, []];
  switch (event.type) {
    case "health_heard":
      return healthHeard(state, event.health);
    case "check_elapsed":
      return state.kind === "checking" ? finish({ kind: "missing", why: whyUnheard(state) }) : [state, []];
    case "sight_lost":
      return doubt(state);
    case "state_heard":
      return event.isOpen ? trust(state) : doubt(state);
    case "doubt_elapsed":
      return state.kind === "running"
        ? ended(state, { type: "ended", text: "", path: undefined, failure: LOST })
        : [state, []];
    case "sentence_heard":
      return state.kind === "running" ? sentenceHeard(state, event.text) : [state, []];
    case "ended":
      return state.kind === "running" ? ended(state, event) : [state, []];
    case "time_elapsed":
      return finish({ kind: "silent" });
  }
}

function healthHeard(state: Exclude<Turn, { kind: "done" }>, health: RouterHealth): Step {
  if (health.ok)
    return state.kind === "checking"
      ? [{ kind: "running", sentences: [], isDoubted: false }, [{ do: "begin" }]]
      : [state, []];
  if (state.kind === "checking" && health.event === "starting") return [{ kind: "checking", isStarting: true }, []];
  return finish({ kind: "missing", why: whyUnhealthy(health) });
}

function sentenceHeard(running: Extract<Turn, { kind: "running" }>, sentence: string): Step {
  return [{ ...running, sentences: [...running.sentences, sentence] }, [{ do: "print", sentence }]];
}

function doubt(state: Turn): Step {
  if (state.kind !== "running" || state.isDoubted) return [state, []];
  return [{ ...state, isDoubted: true }, [{ do: "doubt" }]];
}

function trust(state: Turn): Step {
  if (state.kind !== "running" || !state.isDoubted) return [state, []];
  return [{ ...state, isDoubted: false }, [{ do: "trust" }]];
}

function ended(
  { sentences }: Extract<Turn, { kind: "running" }>,
  { text, path, failure }: Extract<TurnEvent, { type: "ended" }>,
): Step {
  const told = { text, path, sentences };
  return finish(failure === undefined ? { kind: "finished", ...told } : { kind: "failed", ...told, reason: failure });
}

function finish(outcome: Outcome): Step {
  return [{ kind: "done", outcome }, [{ do: "finish", outcome }]];
}

function whyUnhealthy({ event, err }: Pick<RouterHealth, "event" | "err">): string {
  if (event === "shutdown") return "it was stopped.";
  if (event === "lost") return "its connection broke; it crashed, or its machine is gone.";
  return err ?? `its health says "${event ?? "not ok"}".`;
}

const whyUnheard = ({ isStarting }: Extract<Turn, { kind: "checking" }>): string =>
  isStarting ? "it is still starting." : "no health of it was ever published at this broker.";
