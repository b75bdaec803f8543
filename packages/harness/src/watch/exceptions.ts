/** Where a planted secret may be seen, and why; everything else is a leak. One list, for all tests. */
import type { Sight } from "./sight.ts";

interface Exception {
  readonly why: string;
  readonly isMeant: (sight: Sight) => boolean;
}

/**
 * Not here because nothing looks there: CONNECT packets, `config.yaml`, a broker's password file, `run.json`, and the
 * environment of children. That is where secrets belong.
 */
const EXCEPTIONS: readonly Exception[] = [
  {
    why: "Setting a secret over the bus means saying it to the service, once, in a message that is not retained.",
    isMeant: ({ kind, where }) => kind === "message" && /^config\/[^/]+\/set$/u.test(where),
  },
  {
    why: "The SDK's errors quote the words of the server, which may quote the key. They end in openai.ts, whose errors do not.",
    isMeant: ({ kind, text }) =>
      kind === "error" && /^\S*Error: [^(]* at [^(]*\(\S*\/node_modules\/openai\//u.test(text),
  },
];

/** Whether a secret may stand there. */
export function isSecretMeant(sight: Sight): boolean {
  return EXCEPTIONS.some(({ isMeant }) => isMeant(sight));
}
