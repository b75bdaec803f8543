/** Who comes to the broker besides the services, and what he may do there. */
import {
  audioMic,
  audioPlayout,
  CATALOGUE,
  cameraCapture,
  characterGet,
  characterUpdate,
  configSet,
  deadLetter,
  memoryForget,
  memoryQuery,
  memoryStats,
  movementCommand,
  movementFrame,
  movementRelease,
  movementState,
  movementStatus,
  movementStop,
  movementTest,
  sttPrivacy,
  systemHealth,
  systemKeepalive,
  ttsControl,
  turnAsk,
  turnCancel,
  turnListen,
  turnSay,
} from "@ts-tars/contracts";
import type { Topic } from "@ts-tars/mqtt";
import { declaredRights, type Rights, unite } from "@ts-tars/service";

/** Its password stands in `run.json`: who may read that may do what a person may. */
export const OPERATOR = "operator";

/** What a person says to the robot, by a command or a client of his own; a room without a device brings its sound, too. */
const SAID_BY_PEOPLE = [
  ...[turnAsk, turnSay, turnListen, turnCancel, sttPrivacy, ttsControl],
  ...[movementCommand, movementStop, movementRelease],
  ...[characterUpdate, characterGet.request, cameraCapture.request, configSet.request],
  ...[memoryQuery.request, memoryForget.request, memoryStats.request],
  ...[audioMic, audioPlayout],
  // To be cleared.
  deadLetter,
  // The marker that shows when all that is retained has come.
  systemKeepalive,
];

/**
 * What a person may do: hear everything, say what people say, and publish again what was not handled (`tars dead replay`).
 * Of what is private nothing is kept, and a state is its owner's to say.
 */
export function operatorRights(): Rights {
  const replayed = CATALOGUE.filter(isReplayed);
  return unite(declaredRights({ publishes: [...SAID_BY_PEOPLE, ...replayed] }), { publishes: [], subscribes: ["#"] });
}

/** What travels on the control link is worth something at once or never: no grant and no beat is given out a second time. */
function isReplayed({ delivery, priority, private: isPrivate }: Topic): boolean {
  return (delivery === "event" || delivery === "command") && priority === "normal" && !isPrivate;
}

/** A body on the wire: firmware knows no envelope and no heartbeat, and says of itself only how it is and how it moves. */
export function firmwareRights(name: string): Rights {
  return declaredRights({
    publishes: [movementState, movementStatus, systemHealth.at({ service: name })],
    subscribes: [movementFrame, movementTest, movementStop],
  });
}
