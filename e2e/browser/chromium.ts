/** The browser of the tests: the system's Chromium, driven over its debugging protocol. */
import { existsSync } from "node:fs";
import { env } from "node:process";
import { type Browser, chromium } from "playwright-core";

const PROGRAM = "/usr/bin/chromium";

/** It talks to nobody but the page: no updates, no sync, no questions at the first run. */
const FLAGS = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** Why tests in a browser cannot run here; in CI they run or fail. */
export const MISSING: string | undefined =
  existsSync(PROGRAM) || env["CI"]
    ? undefined
    : `${PROGRAM} is not installed: sudo apt-get install -y --no-install-recommends chromium`;

/** Starts it; close it, or its processes stay. */
export function openChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: PROGRAM, args: FLAGS });
}
