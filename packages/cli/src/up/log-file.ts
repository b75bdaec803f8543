import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** One service's log on the disk keeps at most this, and as much of the time before. */
const MAX_BYTES = 5 * 1024 * 1024;

/** A log file that never grows without bound: when full it becomes `<path>.1`, and a new one begins. */
export class LogFile {
  readonly path: string;
  #fd: number;
  #bytes: number;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.path = path;
    this.#bytes = existsSync(path) ? statSync(path).size : 0;
    this.#fd = openSync(path, "a", 0o600);
  }

  write(text: string): void {
    if (this.#bytes > MAX_BYTES) this.#turn();
    this.#bytes += writeSync(this.#fd, text);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #turn(): void {
    closeSync(this.#fd);
    renameSync(this.path, `${this.path}.1`);
    this.#fd = openSync(this.path, "a", 0o600);
    this.#bytes = 0;
  }
}
