import type { Socket } from "node:net";

/** 5 s of frames: who is later has given up. */
const WAITING_MAX = 256;
/** After as many again were dropped without one being taken, nobody is there any more. */
const DROPPED_IN_A_ROW_MAX = 256;

/** One client of a fan-out: what it does not take is bounded, oldest dropped. */
export class Listener {
  readonly #socket: Socket;
  readonly #waiting: Uint8Array[] = [];
  #isWriting = false;
  #isEnding = false;
  #droppedInARow = 0;
  #droppedCount = 0;

  constructor(socket: Socket, onGone: () => void) {
    this.#socket = socket;
    // What a client says is read and forgotten, so that it cannot fill anything.
    socket.resume();
    socket.on("error", () => undefined);
    socket.once("close", onGone);
  }

  /** Chunks that it did not get. */
  get droppedCount(): number {
    return this.#droppedCount;
  }

  get waitingCount(): number {
    return this.#waiting.length + (this.#isWriting ? 1 : 0);
  }

  /** Hands a chunk over; false: the client was given up, because it takes nothing. */
  push(chunk: Uint8Array): boolean {
    this.#waiting.push(chunk);
    if (this.#waiting.length > WAITING_MAX) {
      this.#waiting.shift();
      this.#droppedCount += 1;
      this.#droppedInARow += 1;
    }
    if (this.#droppedInARow >= DROPPED_IN_A_ROW_MAX) {
      this.#socket.destroy();
      return false;
    }
    this.#write();
    return true;
  }

  /** What waits is still sent, then the connection ends. */
  end(): void {
    this.#isEnding = true;
    this.#write();
  }

  /** What waits is not sent any more. */
  forget(): void {
    this.#waiting.length = 0;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** One chunk at a time: the system's own buffer is all that waits beside our list. */
  #write(): void {
    if (this.#isWriting) return;
    const chunk = this.#waiting.shift();
    if (chunk === undefined) {
      if (this.#isEnding) this.#socket.end();
      return;
    }
    this.#isWriting = true;
    this.#socket.write(chunk, (error) => {
      this.#isWriting = false;
      // A broken connection is about to be closed, which is told.
      if (error !== null && error !== undefined) return;
      this.#droppedInARow = 0;
      this.#write();
    });
  }
}
