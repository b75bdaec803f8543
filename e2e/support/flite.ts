import { spawn } from "node:child_process";
import { once } from "node:events";

/** Speaks a text into a WAV file with the voice that recognisers read best. */
export async function speakWithFlite(text: string, path: string, voice = "slt"): Promise<void> {
  const child = spawn("flite", ["-voice", voice, "-t", text, "-o", path], { stdio: "ignore" });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`flite ended with ${code}; it is installed by: sudo apt-get install -y flite`);
}
