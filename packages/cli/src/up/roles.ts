/** Who comes to the broker besides the services, and what he may do there. */
import {
  audioMic,
  audioPlayout,
  CATALOGUE,
  configSet,
  deadLetter,
  sttPrivacy,
  systemKeepalive,
  ttsControl,
  turnAsk,
  turnCancel,
  turnListen,
  turnSay,
} from "@ts-tars/contracts";
import { declaredRights, type Rights, unite } from "@ts-tars/service";

/** Its password stands in `run.json`: who may read that may do what a person may. */
export const OPERATOR = "operator";

/** What a person says to the robot, by a command or a client of his own; a room without a device brings its sound, too. */
const SAID_BY_PEOPLE = [
  ...[turnAsk, turnSay, turnListen, turnCancel, sttPrivacy, ttsControl],
  ...[audioMic, audioPlayout],
  configSet.request,
  // To be cleared.
  deadLetter,
  // The marker that shows when all that is retained has come.
  systemKeepalive,
];

/**
 * What a person may do: hear everything, say what people say, and publish again what was not handled (`tars dead replay`; of
 * what is private nothing is kept, and a state is its owner's to say).
 */
export function operatorRights(): Rights {
  const replayed = CATALOGUE.filter((topic) => !topic.private && ["event", "command"].includes(topic.delivery));
  return unite(declaredRights({ publishes: [...SAID_BY_PEOPLE, ...replayed] }), { publishes: [], subscribes: ["#"] });
}
