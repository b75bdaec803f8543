/** What people say to the robot, and what it must understand: the intent, and what its slots mean. */

/** A phrasing, and its slots where it has some. */
export type Phrasing = readonly [text: string, slots?: Readonly<Record<string, string>>];

const list = (text: string): readonly Phrasing[] => text.split("/").map((one) => [one.trim()]);

/** Intents without slots. */
const PLAIN: Readonly<Record<string, readonly Phrasing[]>> = {
  stop: list(
    `stop / stop it / stop that / please stop / stop talking / be quiet / shut up / that's enough / Stop! / hey tars, stop / silence / enough /
    quiet please / stop stop stop / stop speaking now`,
  ),
  cancel: list(
    `cancel / cancel that / never mind / nevermind / forget it / forget about it / cancel it please / I changed my mind / scratch that / abort /
    cancel my question`,
  ),
  freeze: list(
    `freeze / emergency stop / stop moving / don't move / do not move / halt / hold still / stop all motion / freeze now / stand still / Freeze!`,
  ),
  time: list(
    `what time is it / What time is it? / what's the time / whats the time / What’s the time? / tell me the time / do you have the time / time please /
    can you tell me what time it is / what is the time please / what time is it now / what time is it right now / what's the current time /
    could you please tell me the time / could you tell me what time is it / hey tars, what time is it? / hello, what time is it /
    okay computer what is the time / what time do you have / have you got the time / do you know what time it is / do you know the time /
    give me the time / please tell me the time / the time please / current time / time / how late is it / what time is it at the moment /
    excuse me, do you have the time, please? / i want to know what time it is / I'd like to know the time / what hour is it /
    let me know what time it is / can i have the time / would you tell me the time, thanks / so what time is it / what time is it thank you /
    what is the exact time / got the time? / check the time / tell me what time it is now / what time it is`,
  ),
  date: list(
    `what's the date / what is the date today / what's today's date / what day is it / what day is today / which day is it today / what is today /
    tell me the date / today's date please / the date / what day of the week is it / what month is it / what year is it / do you know what day it is /
    can you tell me today's date / what date is it`,
  ),
  timer_cancel_all: list(
    `cancel all timers / stop all timers / delete all my timers / clear all the timers / cancel the timers / clear my timers / stop every timer /
    please cancel all of my timers / turn off all timers / remove all alarms`,
  ),
  timer_list: list(
    `what timers are running / which timers are set / list my timers / show me my timers / do I have any timers / how many timers are running /
    what timers do I have / list all timers / are there any timers running / tell me my timers / what are my timers`,
  ),
  repeat: list(
    `repeat that / say that again / say it again / what did you say / can you repeat that / what was that / repeat / come again / pardon /
    could you say that again please / once more / I didn't hear that / repeat your last answer / repeat that slowly`,
  ),
  mute: list(
    `mute / mute yourself / mute the sound / turn off the sound / turn the sound off / turn off your speaker / please mute / sound off /
    mute your voice / switch off the audio`,
  ),
  unmute: list(
    `unmute / unmute yourself / unmute the sound / turn on the sound / turn the sound back on / turn on your speaker / please unmute / sound on /
    you can speak again / switch the audio on`,
  ),
  live_on: list(
    `start live mode / enter live mode / activate live mode / turn on live mode / live mode on / keep listening / go live / live mode /
    please switch on live mode / turn live mode on`,
  ),
  live_off: list(
    `stop live mode / exit live mode / leave live mode / turn off live mode / live mode off / stop listening / go to sleep / end live mode /
    please deactivate live mode / turn live mode off`,
  ),
  look: list(
    `what do you see / what can you see / what are you looking at / what's in front of you / describe what you see / look around /
    tell me what you see / take a look / can you see me / what do you see right now / use your camera`,
  ),
  identity: list(
    `who are you / what are you? / what's your name / tell me your name / who are you, robot? / introduce yourself / do you have a name /
    are you a robot / tell me about yourself / could you tell me your name please / what should I call you`,
  ),
  help: list(
    `help / help me / what can you do / what can I say / what are your commands / I need help / what can I ask you / which commands do you know /
    tell me what you can do / how do you work / list your commands`,
  ),
  thanks: list(
    `thank you / thanks / thank you very much / thanks a lot / thank you so much / thanks tars / great thank you / I appreciate it / many thanks /
    well done / thanks for your help`,
  ),
  greeting: list(
    `hello / Hi! / hey / hello there / hi tars / good morning / Good evening, TARS. / howdy / hey robot / hello again / good afternoon`,
  ),
  yes: list(
    `yes / yeah / yep / sure / of course / yes please / go ahead / do it / that's right / okay / absolutely / yes of course`,
  ),
  no: list(
    `no / nope / no thanks / no thank you / don't / not now / no way / absolutely not / nah / I don't think so / please don't`,
  ),
};

/** Intents with slots. */
const SLOTTED: Readonly<Record<string, readonly Phrasing[]>> = {
  say: [
    ["say hello world", { text: "hello world" }],
    ["can you say cheese", { text: "cheese" }],
    ["please say good night", { text: "good night" }],
    ["repeat after me all is well", { text: "all is well" }],
    ["say yes", { text: "yes" }],
    ["say Hello, World!", { text: "Hello, World!" }],
    ["Please say: good NIGHT, dear.", { text: "good NIGHT, dear." }],
    ["could you say it's three o'clock", { text: "it's three o'clock" }],
    ["say cheese please", { text: "cheese" }],
  ],
  timer_set: [
    ["set a timer for five minutes", { duration: "300" }],
    ["set a timer for 5 minutes", { duration: "300" }],
    ["set a ten minute timer", { duration: "600" }],
    ["start a timer for half an hour", { duration: "1800" }],
    ["timer for 90 seconds", { duration: "90" }],
    ["set a pasta timer for eleven minutes", { name: "pasta", duration: "660" }],
    ["set a timer for twenty five minutes called pizza", { name: "pizza", duration: "1500" }],
    ["remind me in an hour and a half", { duration: "5400" }],
    ["remind me in 20 minutes to call my mother", { duration: "1200", reminder: "call my mother" }],
    ["please set a timer of one hour and twenty minutes", { duration: "4800" }],
    ["could you set a 1.5 hour timer", { duration: "5400" }],
    ["set a timer for 2 min", { duration: "120" }],
    ["set a timer for 5min", { duration: "300" }],
    ["set a twenty-minute timer for the green curry", { duration: "1200", name: "green curry" }],
    ["set a quarter of an hour timer", { duration: "900" }],
    ["ten minute timer", { duration: "600" }],
    ["wake me up in two hours", { duration: "7200" }],
  ],
  timer_cancel: [
    ["cancel the timer"],
    ["cancel my timer"],
    ["clear the timer"],
    ["stop the timer"],
    ["turn off the timer"],
    ["delete my timer please"],
    ["cancel the pasta timer", { name: "pasta" }],
    ["stop my egg timer", { name: "egg" }],
    ["cancel the ten minute timer", { duration: "600" }],
    ["stop the alarm"],
    ["could you cancel the timer for the green curry", { name: "green curry" }],
    ["turn the timer off"],
  ],
  timer_left: [
    ["how much time is left"],
    ["how long is left on the timer"],
    ["how much time is left on the pasta timer", { name: "pasta" }],
    ["how much longer"],
    ["check the timer"],
    ["when does the pizza timer go off", { name: "pizza" }],
    ["how many minutes are left"],
    ["when is my timer done"],
    ["time left on the timer"],
    ["how long do I have left"],
  ],
  volume_set: [
    ["set the volume to fifty percent", { percent: "50" }],
    ["set volume to 30%", { percent: "30" }],
    ["volume seven", { level: "7" }],
    ["turn the volume to eight", { level: "8" }],
    ["volume 40 percent", { percent: "40" }],
    ["change the volume to twenty five percent", { percent: "25" }],
    ["set the volume to maximum", { percent: "100" }],
    ["please turn your volume down to 2", { level: "2" }],
    ["half volume", { percent: "50" }],
  ],
  volume_up: [
    ["louder"],
    ["speak louder"],
    ["turn it up"],
    ["turn up the volume"],
    ["turn the volume up"],
    ["volume up"],
    ["can you speak up"],
    ["turn it up a little", { percent: "10" }],
    ["increase the volume by thirty percent", { percent: "30" }],
    ["please raise the volume"],
    ["a bit louder please", { percent: "10" }],
  ],
  volume_down: [
    ["quieter"],
    ["speak quieter"],
    ["turn it down"],
    ["turn down the volume"],
    ["turn the volume down"],
    ["volume down"],
    ["too loud"],
    ["turn it down a lot", { percent: "40" }],
    ["lower the volume by 15%", { percent: "15" }],
    ["please decrease the volume"],
    ["a little quieter", { percent: "10" }],
  ],
  walk: [
    ["walk forward", { direction: "forward" }],
    ["go back", { direction: "backward" }],
    ["move backwards slowly", { direction: "backward", speed: "slow" }],
    ["take a step forward", { direction: "forward" }],
    ["take three steps back", { direction: "backward", steps: "3" }],
    ["walk two steps forward", { direction: "forward", steps: "2" }],
    ["move forward two meters", { direction: "forward", distance: "2", unit: "meter" }],
    ["please go forward 50 centimeters", { direction: "forward", distance: "50", unit: "centimeter" }],
    ["could you step back", { direction: "backward" }],
    ["walk straight ahead quickly", { direction: "forward", speed: "fast" }],
  ],
  turn: [
    ["turn left", { direction: "left" }],
    ["turn right", { direction: "right" }],
    ["turn to the left", { direction: "left" }],
    ["rotate right by ninety degrees", { direction: "right", angle: "90" }],
    ["turn around", { direction: "around" }],
    ["please turn to your right", { direction: "right" }],
    ["turn left 45 degrees", { direction: "left", angle: "45" }],
    ["spin around slowly", { direction: "around", speed: "slow" }],
    ["go left", { direction: "left" }],
  ],
  gesture: [
    ["wave", { gesture: "wave" }],
    ["wave hello", { gesture: "wave" }],
    ["wave your hand", { gesture: "wave" }],
    ["take a bow", { gesture: "bow" }],
    ["laugh", { gesture: "laugh" }],
    ["please dance for me", { gesture: "dance" }],
    ["nod your head", { gesture: "nod" }],
    ["strike a pose", { gesture: "pose" }],
    ["keep your balance", { gesture: "balance" }],
    ["act like a monster", { gesture: "monster" }],
    ["do a mic drop", { gesture: "mic_drop" }],
    ["can you swing your legs", { gesture: "swing_legs" }],
  ],
  posture: [
    ["reset your position", { posture: "reset" }],
    ["stand up straight", { posture: "reset" }],
    ["go to your starting position", { posture: "reset" }],
    ["neutral position", { posture: "reset" }],
    ["turn off your motors", { posture: "disable" }],
    ["power down your servos", { posture: "disable" }],
    ["please relax your legs", { posture: "disable" }],
    ["stand at attention", { posture: "reset" }],
  ],
};

/** By the name of the intent, at least eight each. */
export const PHRASINGS: Readonly<Record<string, readonly Phrasing[]>> = { ...PLAIN, ...SLOTTED };
