import { Play } from "./conversation.fixture.ts";

/** A typed question whose answer of two sentences sounds; the first one is at its beginning. */
export function speaking(): Play {
  const play = new Play();
  play.ask("t1", { localAnswer: "One fine day. And then." });
  play.sound("t1", 0, "speaking_start");
  return play;
}

/** Somebody speaks over it. */
export function interrupt(play: Play, fromSample = 5_000): string {
  play.happen({ type: "interrupted", captureId: "0123456789abcdef", fromSample });
  return `n${play.happenedCount}`;
}

/** The same, and the loudspeaker has paused in the middle of the sentence; gives the turn that may come of it. */
export function paused(play: Play): string {
  const uttId = interrupt(play);
  play.sound("t1", 0, "paused", 0.5);
  return uttId;
}
