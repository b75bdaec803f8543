/** Which package brings a program. Pure. */

/** By the name of the program; Debian, Raspberry Pi OS and Ubuntu call them the same. */
const PACKAGES: Readonly<Record<string, string>> = {
  aplay: "alsa-utils",
  arecord: "alsa-utils",
  "espeak-ng": "espeak-ng",
  ffmpeg: "ffmpeg",
  ffplay: "ffmpeg",
  flite: "flite",
  pacat: "pulseaudio-utils",
  pactl: "pulseaudio-utils",
  paplay: "pulseaudio-utils",
  parec: "pulseaudio-utils",
  pulseaudio: "pulseaudio",
  sox: "sox",
};

/** The sentence that says how a missing program comes onto the machine. */
export function installationOf(program: string): string {
  const name = PACKAGES[program];
  return name === undefined
    ? `Install "${program}", or correct its name in the settings.`
    : `Install it: sudo apt install ${name}`;
}
