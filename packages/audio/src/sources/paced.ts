/** When the frames of sound that is there already are due, as if it were spoken now. */
import type { Clock } from "@ts-tars/service";
import { type AudioFrame, msOfSamples } from "../frame.ts";
import { FrameQueue } from "../frame-queue.ts";

/** Gives each frame at the end of its own time, as a microphone does, whether anybody reads it then or not. */
export async function* paced(
  frames: Iterator<AudioFrame>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<AudioFrame, void, undefined> {
  const queue = new FrameQueue();
  const startedAtMs = clock.nowMs();
  let cancelTimer = (): void => undefined;
  const give = (frame: AudioFrame): void => {
    queue.push(frame);
    schedule();
  };
  const schedule = (): void => {
    const { value: frame, done } = frames.next();
    if (done === true) {
      queue.end();
      return;
    }
    const dueAtMs = startedAtMs + msOfSamples(frame.sample + frame.pcm.length);
    cancelTimer = clock.setTimer(Math.max(0, dueAtMs - clock.nowMs()), () => give(frame));
  };
  const leave = (): void => {
    cancelTimer();
    queue.leave();
  };
  signal.addEventListener("abort", leave, { once: true });
  try {
    schedule();
    yield* queue.read();
  } finally {
    signal.removeEventListener("abort", leave);
    leave();
  }
}
