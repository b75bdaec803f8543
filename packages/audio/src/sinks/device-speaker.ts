import type { Clock } from "@ts-tars/service";
import { AudioSinkError } from "../errors.ts";
import { type PlayerProcess, startPlayer } from "./player-process.ts";
import type { Player } from "./players.ts";
import type { Outlet, Speaker, SpeakerNews } from "./speaker.ts";

export interface DeviceSpeakerOptions {
  readonly clock: Clock;
  /** Finds a player that works. */
  readonly find: () => Promise<Player>;
  readonly env: Readonly<Record<string, string>> | undefined;
}

interface Started {
  readonly player: Player;
  readonly running: PlayerProcess;
}

/** A player that was started for a sentence which did not come. */
const SPARE_MAX_MS = 10_000;
/** A player that has played all it had ends in a moment, or hangs. */
const END_MAX_MS = 2_000;

/** A player process for each sound, started while the engine still synthesises. */
export class DeviceSpeaker implements Speaker {
  readonly name = "device";
  readonly isAudible = true;
  readonly #options: DeviceSpeakerOptions;
  readonly #alive = new Map<PlayerProcess, () => void>();
  #player: Promise<Player> | undefined;
  #spare: Promise<Started> | undefined;

  constructor(options: DeviceSpeakerOptions) {
    this.#options = options;
  }

  prepare(): void {
    if (this.#spare !== undefined) return;
    const spare = this.#start();
    this.#spare = spare;
    spare.then(
      ({ running }) => {
        if (this.#spare === spare) this.#endIn(running, SPARE_MAX_MS);
      },
      // The sentence that needs it will start one itself, and hear why it cannot.
      () => this.#forgetSpare(spare),
    );
  }

  async open(_sayId: string, news: SpeakerNews): Promise<Outlet> {
    const { player, running } = await this.#takeSpareOrStart();
    this.#keep(running);
    running.attach({
      reported: (report) => {
        if (report.type === "moved") news.moved();
        if (report.type === "reported") news.reported(report.sample);
      },
      ended: (error) => {
        if (error === undefined) return news.ended();
        this.#player = undefined;
        news.broke(error);
      },
    });
    return this.#outlet(player, running);
  }

  silence(): AudioSinkError {
    this.#player = undefined;
    return new AudioSinkError("The loudspeaker takes no more sound.", {
      remedy: "Restart the sound system, or choose another player in the settings.",
    });
  }

  async close(): Promise<void> {
    const spare = await this.#spare?.catch(() => undefined);
    this.#spare = undefined;
    spare?.running.kill();
    const processes = [...this.#alive.keys()];
    for (const running of processes) running.kill();
    await Promise.all(processes.map(({ ended }) => ended));
  }

  #outlet({ timing, endsBy }: Player, running: PlayerProcess): Outlet {
    return {
      timing,
      endsBy,
      write: (pcm) => running.write(pcm),
      finish: () => running.finish(),
      cut: () => running.kill(),
      release: () => this.#endIn(running, END_MAX_MS),
    };
  }

  async #takeSpareOrStart(): Promise<Started> {
    const spare = await this.#spare?.catch(() => undefined);
    this.#spare = undefined;
    return spare?.running.isRunning === true ? spare : this.#start();
  }

  async #start(): Promise<Started> {
    this.#player ??= this.#options.find();
    try {
      const player = await this.#player;
      const running = await startPlayer(player, this.#options.env);
      this.#alive.set(running, () => undefined);
      void running.ended.then(() => {
        this.#keep(running);
        this.#alive.delete(running);
      });
      return { player, running };
    } catch (error) {
      this.#player = undefined;
      throw asSinkError(error);
    }
  }

  /** Unless it has ended by then. */
  #endIn(running: PlayerProcess, afterMs: number): void {
    this.#keep(running);
    if (running.isRunning)
      this.#alive.set(
        running,
        this.#options.clock.setTimer(afterMs, () => running.kill()),
      );
  }

  #keep(running: PlayerProcess): void {
    this.#alive.get(running)?.();
    if (this.#alive.has(running)) this.#alive.set(running, () => undefined);
  }

  #forgetSpare(spare: Promise<Started>): void {
    if (this.#spare === spare) this.#spare = undefined;
  }
}

function asSinkError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AudioSinkError) return error;
  const remedy = "remedy" in error && typeof error.remedy === "string" ? error.remedy : "Look at the sound system.";
  return new AudioSinkError(error.message, { remedy, cause: error });
}
