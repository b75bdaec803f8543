/** What is there, what is missing, and the one thing that helps, from facts that were looked up before. Pure. */

/** One line of the doctor. `missing` stops the robot, `lacking` takes something from it, `ok` is fine. */
export interface Finding {
  readonly part: string;
  readonly state: "ok" | "lacking" | "missing";
  readonly what: string;
  /** A command to type, or a thing to do. */
  readonly remedy?: string;
}

/** A model server found on this machine. */
export interface FoundModels {
  readonly url: string;
  readonly models: readonly string[];
}

/** What a service says of itself. */
export interface ServiceFacts {
  readonly service: string;
  readonly ok: boolean;
  /** What does its work: `silent`; empty where there is no choice. */
  readonly engine: string;
  /** More about it: `without sound`, the model's name. */
  readonly about: string;
  /** What is degraded and what helps, or what is wrong. */
  readonly note: string;
  /** What it does not use now, and knows nothing of: a microphone that it may not open. */
  readonly unused?: readonly Organ[];
}

export type Organ = "microphone" | "recogniser" | "voice" | "loudspeaker";

/** A part of hearing or speaking that was looked for on this machine. */
export interface OrganFacts {
  readonly organ: Organ;
  /** The service that uses it. */
  readonly service: string;
  readonly found:
    | { readonly ok: true; readonly what: string }
    | { readonly ok: false; readonly problem: string; readonly remedy: string };
}

/** All that the doctor looks up. */
export interface Facts {
  readonly node: { readonly version: string; readonly is64Bit: boolean };
  /** Problems and warnings of the settings, one sentence each. */
  readonly settings: {
    readonly path: string;
    readonly problems: readonly string[];
    readonly warnings: readonly string[];
  };
  readonly mosquittoVersion: string | undefined;
  /** The broker that commands would use; undefined when nothing runs. */
  readonly broker:
    | {
        readonly url: string;
        readonly answers: boolean;
        readonly isPlainAndFar: boolean;
        readonly reason: string | undefined;
      }
    | undefined;
  readonly services: readonly ServiceFacts[];
  /** What the robot would hear and speak with; a service that runs knows better, and is asked instead. */
  readonly organs: readonly OrganFacts[];
  readonly model: {
    readonly isConfigured: boolean;
    readonly name: string | undefined;
    readonly found: readonly FoundModels[];
  };
}

/** Every line, in the order in which a person would mend them. */
export function findingsOf(facts: Facts): readonly Finding[] {
  return [
    nodeFinding(facts.node),
    ...settingsFindings(facts.settings),
    mosquittoFinding(facts.mosquittoVersion),
    ...brokerFindings(facts.broker),
    ...facts.services.map(serviceFinding),
    ...facts.organs.filter((organ) => !isAtWork(facts, organ)).map(organFinding),
    ...(facts.services.some(usesModel) ? [] : [modelFinding(facts.model)]),
  ];
}

function nodeFinding({ version, is64Bit }: Facts["node"]): Finding {
  const what = `Node ${version}`;
  return is64Bit
    ? { part: "node", state: "ok", what }
    : {
        part: "node",
        state: "lacking",
        what: `${what}, a 32-bit one: speech engines and models have no binaries for it.`,
        remedy: "Install the 64-bit edition of the operating system.",
      };
}

function settingsFindings({ path, problems, warnings }: Facts["settings"]): readonly Finding[] {
  const remedy = "tars config";
  if (problems.length + warnings.length === 0)
    return [{ part: "settings", state: "ok", what: `No contradictions (${path}).` }];
  return [
    ...problems.map((what): Finding => ({ part: "settings", state: "missing", what, remedy })),
    ...warnings.map((what): Finding => ({ part: "settings", state: "lacking", what, remedy })),
  ];
}

function mosquittoFinding(version: string | undefined): Finding {
  if (version !== undefined) return { part: "mosquitto", state: "ok", what: `Mosquitto ${version}` };
  return {
    part: "mosquitto",
    state: "lacking",
    what: "Mosquitto is not installed: the embedded broker is used, which speaks MQTT 3.1.1 only.",
    remedy: apt("mosquitto"),
  };
}

function brokerFindings(broker: Facts["broker"]): readonly Finding[] {
  const part = "broker";
  if (broker === undefined) return [{ part, state: "lacking", what: "Nothing runs here.", remedy: "tars up" }];
  const { url, answers, isPlainAndFar, reason } = broker;
  const answer: Finding = answers
    ? { part, state: "ok", what: `${url} answers.` }
    : {
        part,
        state: "missing",
        what: `${url} does not answer${reason === undefined ? "." : `: ${reason}`}`,
        remedy: "Check the address (MQTT_URL, tars config), and that the broker runs.",
      };
  if (!isPlainAndFar) return [answer];
  const what = "The broker is on another machine without TLS: the room's words cross your network unencrypted.";
  return [answer, { part, state: "lacking", what, remedy: "Use mqtts:// in MQTT_URL." }];
}

function serviceFinding({ service, ok, engine, about, note }: ServiceFacts): Finding {
  // What an llm-worker without a model lacks has a line of its own.
  if (ok && (note === "" || engine === OFFLINE)) {
    const how = [engine, about].filter((part) => part !== "").join(", ");
    return { part: service, state: "ok", what: how === "" ? "Works." : `Works (${how}).` };
  }
  return { part: service, state: ok ? "lacking" : "missing", what: note, ...(!ok && { remedy: "tars up" }) };
}

const isAtWork = ({ services }: Facts, { service: name, organ }: OrganFacts): boolean =>
  services.some(({ service, ok, unused }) => service === name && ok && unused?.includes(organ) !== true);

function organFinding({ organ, found }: OrganFacts): Finding {
  return found.ok
    ? { part: organ, state: "ok", what: found.what }
    : { part: organ, state: "lacking", what: found.problem, remedy: found.remedy };
}

/** The engine of an llm-worker that has no model. */
const OFFLINE = "offline";

/** The settings seen here need not be those it was started with: what a running llm-worker uses is in its own line. */
const usesModel = ({ service, ok, engine }: ServiceFacts): boolean =>
  service === "llm-worker" && ok && engine !== OFFLINE;

function modelFinding({ isConfigured, name, found }: Facts["model"]): Finding {
  if (isConfigured)
    return {
      part: "model",
      state: "ok",
      what: `A language model is configured${name === undefined ? "" : ` (${name})`}.`,
    };
  const [first] = found;
  const what = "Answering from rules only: no language model is configured.";
  if (first === undefined) {
    return {
      part: "model",
      state: "lacking",
      what,
      remedy: "Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.",
    };
  }
  const models = first.models.slice(0, 3).join(", ");
  const chosen = first.models[0] ?? "";
  return {
    part: "model",
    state: "lacking",
    what: `${what} Found ${models} at ${first.url}.`,
    remedy: `OPENAI_BASE_URL=${first.url} LLM_MODEL=${chosen} tars up`,
  };
}

const apt = (packages: string): string => `sudo apt-get install -y ${packages}`;
