import { AudioSinkError } from "../errors.ts";
import { samplesOfMs } from "../frame.ts";
import { startPlayer } from "./player-process.ts";
import { noPlayerWorks } from "./player-trouble.ts";
import type { Player } from "./players.ts";

/** A player that does not even play nothing within so long hangs. */
const TRIAL_MAX_MS = 3_000;

/** Silence. */
const TRIAL = new Int16Array(samplesOfMs(60));

/** What PulseAudio and PipeWire call the loudspeaker that is none. */
const NO_LOUDSPEAKER = "auto_null";

/**
 * The first player that works: that opens the loudspeaker, plays nothing or a moment of silence, and ends well.
 *
 * @throws {AudioSinkError} which says of each what is the matter.
 */
export async function findPlayer(
  players: readonly Player[],
  env: Readonly<Record<string, string>> = {},
): Promise<Player> {
  const errors: Error[] = [];
  for (const player of players) {
    try {
      await tryOut(player, env);
      return player;
    } catch (error) {
      errors.push(error instanceof Error ? error : new Error(String(error)));
    }
  }
  throw noPlayerWorks(errors);
}

async function tryOut(player: Player, env: Readonly<Record<string, string>>): Promise<void> {
  const running = await startPlayer(player, env);
  let device: string | undefined;
  running.attach({
    reported: (report) => {
      if (report.type === "connected") device = report.device;
    },
    ended: () => undefined,
  });
  // Who ends well without having played opens the loudspeaker only when there is something to play.
  if (player.confession !== undefined) running.write(TRIAL);
  running.finish();
  const late = AbortSignal.timeout(TRIAL_MAX_MS);
  let isLate = false;
  late.addEventListener("abort", () => {
    isLate = true;
    running.kill();
  });
  const error = await running.ended;
  if (error !== undefined) throw error;
  if (isLate) throw new AudioSinkError(`The player ${player.name} hangs.`, { remedy: "Restart the sound system." });
  if (device === NO_LOUDSPEAKER) {
    throw new AudioSinkError("The sound server has no loudspeaker.", {
      remedy: "Plug one in, or choose it in the settings of the system.",
    });
  }
}
