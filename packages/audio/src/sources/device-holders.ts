import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

/** Who has a microphone of the kernel open, such as "pulseaudio (812)", as far as this user may see it. */
export async function holdersOfMicrophones(root: string): Promise<readonly string[]> {
  const folder = join(root, "proc");
  const pids = (await readdir(folder).catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) =>
      (await holdsMicrophone(join(folder, pid, "fd"))) ? [await nameOf(join(folder, pid), pid)] : [],
    ),
  );
  return found.flat();
}

async function holdsMicrophone(folder: string): Promise<boolean> {
  const links = await readdir(folder).catch(() => []);
  const targets = await Promise.all(links.map((link) => readlink(join(folder, link)).catch(() => "")));
  return targets.some((target) => /\/dev\/snd\/pcmC\d+D\d+c$/.test(target));
}

async function nameOf(folder: string, pid: string): Promise<string> {
  const name = await readFile(join(folder, "comm"), "utf8").catch(() => "a program");
  return `${name.trim()} (${pid})`;
}
