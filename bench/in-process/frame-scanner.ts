/**
 * Reads what a client writes, in whatever pieces, at the price of a few bytes a frame: the message's topic and payload are
 * stepped over, for the time this takes is counted as the client's. Pure.
 *
 * A PUBLISH: type and flags, remaining length (one to four bytes), topic length (two), topic, at QoS 1 the packet id (two), rest.
 */
export interface ScannerEvents {
  onPublish(qos: number, packetId: number): void;
  onPuback(): void;
  /** Any other packet, whole. */
  onOther(frame: Buffer): void;
}

const PUBLISH = 3;
const PUBACK = 4;

type Step = "type" | "length" | "topic_length_high" | "topic_length_low" | "id_high" | "id_low" | "skip" | "collect";

export class FrameScanner {
  readonly #events: ScannerEvents;
  #step: Step = "type";
  #first = 0;
  /** Bytes of the frame that are still to come. */
  #remaining = 0;
  #lengthShift = 0;
  #topicBytes = 0;
  #packetId = 0;
  /** Of a packet that is collected: the bytes so far. */
  #collected: number[] = [];
  /** To be stepped over, and what follows then. */
  #skipBytes = 0;
  #afterSkip: "id_high" | "type" = "type";

  constructor(events: ScannerEvents) {
    this.#events = events;
  }

  scan(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#step === "skip") {
        const bytes = Math.min(this.#skipBytes, chunk.length - at);
        at += bytes;
        this.#skipBytes -= bytes;
        if (this.#skipBytes === 0) this.#skipped();
      } else {
        this.#take(chunk[at] ?? 0);
        at += 1;
      }
    }
  }

  #take(byte: number): void {
    switch (this.#step) {
      case "type":
        this.#first = byte;
        this.#remaining = 0;
        this.#lengthShift = 0;
        this.#collected = isMessage(byte) ? [] : [byte];
        this.#step = "length";
        return;
      case "length":
        this.#remaining += (byte & 0x7f) << this.#lengthShift;
        this.#lengthShift += 7;
        if (!isMessage(this.#first)) this.#collected.push(byte);
        if (byte < 0x80) this.#begin();
        return;
      case "topic_length_high":
        this.#topicBytes = byte << 8;
        this.#step = "topic_length_low";
        return;
      case "topic_length_low":
        this.#topicBytes |= byte;
        this.#skipTopic();
        return;
      case "id_high":
        this.#packetId = byte << 8;
        this.#step = "id_low";
        return;
      case "id_low":
        this.#packetId |= byte;
        this.#skip(this.#remaining - 4 - this.#topicBytes, "type");
        return;
      case "collect":
        this.#collected.push(byte);
        this.#remaining -= 1;
        if (this.#remaining === 0) this.#end();
        return;
      case "skip":
        return; // `scan` steps over in one go
    }
  }

  #begin(): void {
    if (this.#first >> 4 === PUBLISH) this.#step = "topic_length_high";
    else if (this.#first >> 4 === PUBACK) this.#skip(this.#remaining, "type");
    else if (this.#remaining === 0) this.#end();
    else this.#step = "collect";
  }

  #skipTopic(): void {
    if (this.#qos > 0) this.#skip(this.#topicBytes, "id_high");
    else this.#skip(this.#remaining - 2, "type");
  }

  #skip(bytes: number, then: "id_high" | "type"): void {
    this.#skipBytes = bytes;
    this.#afterSkip = then;
    this.#step = "skip";
    if (bytes === 0) this.#skipped();
  }

  #skipped(): void {
    if (this.#afterSkip === "type") this.#end();
    else this.#step = this.#afterSkip;
  }

  #end(): void {
    this.#step = "type";
    if (this.#first >> 4 === PUBLISH) this.#events.onPublish(this.#qos, this.#packetId);
    else if (this.#first >> 4 === PUBACK) this.#events.onPuback();
    else this.#events.onOther(Buffer.from(this.#collected));
  }

  get #qos(): number {
    return (this.#first >> 1) & 3;
  }
}

function isMessage(first: number): boolean {
  return first >> 4 === PUBLISH || first >> 4 === PUBACK;
}
