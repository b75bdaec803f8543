import type { Canary } from "../canary.ts";

/** Faults of who may say what: access lists, the embedded broker's rules, and what a service is told of a refusal. */
export const accessBreaks: readonly Canary[] = [
  {
    name: "readers-may-write",
    file: "packages/broker/src/access-rules.ts",
    find: 'isWritten && isRead ? "readwrite" : isWritten ? "write" : "read"',
    replace: 'isRead ? "readwrite" : "write"',
    test: "packages/broker/src/access.broker.test.ts",
    title:
      "a managed mosquitto broker on protocol level 5 > what a user may publish arrives, and what he may not does not, while he stays connected",
  },
  {
    name: "access-list-for-everybody-to-read",
    file: "packages/broker/src/private-file.ts",
    find: "mode: 0o600",
    replace: "mode: 0o644",
    test: "packages/broker/src/access.broker.test.ts",
    title:
      "a managed mosquitto broker on protocol level 5 > the access list and the passwords are for their owner's eyes only",
  },
  {
    name: "embedded-broker-lets-everybody-publish",
    file: "packages/broker/src/aedes-gatekeeper.ts",
    find: "Object.assign(packet, { topic: NOWHERE, retain: false });",
    replace: "Object.assign(packet, { retain: false });",
    test: "packages/broker/src/access.broker.test.ts",
    title:
      "a managed embedded broker on protocol level 4 > what a user may publish arrives, and what he may not does not, while he stays connected",
  },
  {
    name: "narrow-right-covers-a-wide-filter",
    file: "packages/broker/src/access-rules.ts",
    find: 'actual === undefined || actual === "#" ||',
    replace: "actual === undefined ||",
    test: "packages/broker/src/access-rules.test.ts",
    title: 'what a right covers > "a/+" lets subscribe to "a/#": false',
  },
  {
    name: "undeclared-topic-used",
    file: "packages/service/src/access/hold-to-topics.ts",
    find: 'if ("filter" in used) requireRight(use, used.filter);',
    replace: 'if ("filter" in used && use === "subscribes") requireRight(use, used.filter);',
    test: "packages/service/src/access/hold-to-topics.broker.test.ts",
    title: "what each service has it need not declare",
  },
  {
    name: "refusal-not-in-the-health",
    file: "packages/service/src/access/refusals.ts",
    find: 'if (reason !== "refused" || reasonCode !== NOT_AUTHORIZED) return;',
    replace: 'if (reason !== "refused" || reasonCode === NOT_AUTHORIZED) return;',
    test: "packages/service/src/access/refusals.broker.test.ts",
    title: "on MQTT 5 a refused topic stands in the log once, and in the health with what helps",
  },
  {
    name: "services-share-the-operators-password",
    file: "packages/cli/src/up/child-environment.ts",
    find: "access.credentialsOf(service)",
    replace: 'access.credentialsOf("operator")',
    test: "packages/cli/src/up/child-environment.test.ts",
    title: "a service gets its own way to the broker and keeps the rest of the environment",
  },
  {
    name: "missing-client-certificate-in-openssls-words",
    file: "packages/mqtt/src/link/link.ts",
    find: "const cause = explainTls(ended.error, { url, hadSuccess: this.#hadSuccess });",
    replace: "const cause = ended.error; void explainTls;",
    test: "packages/mqtt/src/lifecycle-tls.fault.test.ts",
    title:
      "on MQTT 5 > a broker that asks for a client's certificate and is shown none over mqtts is not spoken to, and the error says so",
  },
];
