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
  readonly process: PlayerProcess;
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
      ({ process }) => {
        if (this.#spare === spare) this.#endIn(process, SPARE_MAX_MS);
      },
      // The sentence that needs it will start one itself, and hear why it cannot.
      () => this.#forgetSpare(spare),
    );
  }

  async open(_sayId: string, news: SpeakerNews): Promise<Outlet> {
    const { player, process } = await this.#takeSpareOrStart();
    this.#keep(process);
    process.attach({
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
    return this.#outlet(player, process);
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
    spare?.process.kill();
    const processes = [...this.#alive.keys()];
    for (const process of processes) process.kill();
    await Promise.all(processes.map(({ ended }) => ended));
  }

  #outlet({ timing, endsBy }: Player, process: PlayerProcess): Outlet {
    return {
      timing,
      endsBy,
      write: (pcm) => process.write(pcm),
      finish: () => process.finish(),
      cut: () => process.kill(),
      release: () => this.#endIn(process, END_MAX_MS),
    };
  }

  async #takeSpareOrStart(): Promise<Started> {
    const spare = await this.#spare?.catch(() => undefined);
    this.#spare = undefined;
    return spare?.process.isRunning === true ? spare : this.#start();
  }

  async #start(): Promise<Started> {
    this.#player ??= this.#options.find();
    try {
      const player = await this.#player;
      const process = await startPlayer(player, this.#options.env);
      this.#alive.set(process, () => undefined);
      void process.ended.then(() => {
        this.#keep(process);
        this.#alive.delete(process);
      });
      return { player, process };
    } catch (error) {
      this.#player = undefined;
      throw asSinkError(error);
    }
  }

  /** Unless it has ended by then. */
  #endIn(process: PlayerProcess, afterMs: number): void {
    this.#keep(process);
    if (process.isRunning)
      this.#alive.set(
        process,
        this.#options.clock.setTimer(afterMs, () => process.kill()),
      );
  }

  #keep(process: PlayerProcess): void {
    this.#alive.get(process)?.();
    if (this.#alive.has(process)) this.#alive.set(process, () => undefined);
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
