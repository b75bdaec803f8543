/** Sentences that sound like commands and are none: they are for the model. Typed here, spoken in `accept:hear`. */

/** The sentences on which others failed, and their kin; none is a command, whoever says it. */
export const BASE_TRAPS: readonly string[] = [
  ...["do you know", "do you know the capital of france", "rainbow", "how does a rainbow form", "microwave"],
  ...["put it in the microwave", "stopwatch", "where is my stopwatch", "is this a good idea", "turn off the light"],
  ...["wave goodbye to your brother", "turn left at the next corner", "what time is it in tokyo", "now or never"],
  ...[
    "the know how of the trade",
    "a bus stop near here",
    "walk me through the recipe",
    "how far can you walk in a day",
  ],
  ...["what time does the shop close", "time flies like an arrow", "what is the date of the moon landing"],
  ...["a dance teacher in paris", "the bow of the ship", "why do people laugh", "my left turn signal is broken"],
  ...["turn the page", "the volume of a sphere", "mute swans are beautiful", "freeze the chicken for later"],
  ...["help my neighbour with his car", "who are you talking about"],
  ...["what do you see in him", "how long is the bridge", "set the table for dinner", "cancel my flight to berlin"],
  ...["repeat the experiment with salt", "the timer in my kitchen is broken", "yes or no questions are boring"],
];

const list = (text: string): readonly string[] => text.split("/").map((one) => one.trim());

/** At least twenty near misses for each intent. */
export const NEAR_MISSES: Readonly<Record<string, readonly string[]>> = {
  stop: list(
    `stop the music / stop the car / stop at the red light / where is the bus stop / stopwatch / the train does not stop here /
    why did it stop raining / non stop flights / stop smoking tips / how do i stop hiccups / he could not stop laughing / full stop /
    stop motion films / does the bus stop here / when will it stop / what is a stop sign / stop by the shop / a quiet place /
    quiet hours in berlin / silence of the lambs / that is enough salt / stop and smell the roses / stop it from leaking`,
  ),
  cancel: list(
    `cancel my subscription / cancel my flight / how do i cancel an order / cancel the meeting tomorrow / what is cancel culture /
    can i cancel the contract / cancellation policy / never mind the bollocks / forget me not / do not forget my birthday /
    forget about the rain / i forget your name / why do people forget / abort mission is a film / cancel out the noise /
    noise cancelling headphones / i had to cancel / please cancel the newspaper / who cancelled the show / mind the gap /
    leave it to me / leave it on the table`,
  ),
  freeze: list(
    `freeze the chicken / how do i freeze bread / does vodka freeze / at what temperature does water freeze / freeze frame / a deep freeze /
    my computer freezes / emergency exit / emergency number in france / what is an emergency fund / emergency stop distance of a car /
    hold the line / hold still life painting / stand still for a photo is hard / halt and catch fire / do not move to france /
    we are moving house / stop moving my files / moving companies nearby / do not move the chair / stop motion animation / freezer`,
  ),
  time: list(
    `what time is the meeting / what time is it in london / what time was it then / what time is sunset / what is time /
    what time does the train leave / how much time do i have / tell me the time table / the last time it rained / time flies /
    what is the time complexity of sorting / what is the best time to plant roses / do you have the time to help me / time zone of peru /
    do you have time / tell me about time travel / what is the time difference / a long time ago / what time do you wake up /
    what is the current temperature / time out / one more time please explain`,
  ),
  date: list(
    `what is the date of easter / what day is christmas / what is a date fruit / what year was rome founded / let us date / a blind date /
    which day is best for washing / what is the release date / what day was i born / how many days are in a year / a day in the life /
    what is today special for / due date / what date is thanksgiving / tell me the date of the battle / day after day / date night ideas /
    what month has the most rain / what day of the week was i born / the date palm / which date works for you / up to date`,
  ),
  timer_set: list(
    `set a timer / start a timer / set the table / what is a timer / how do i set a timer on my oven / set a good example /
    set an alarm for seven / set a meeting for five / who invented the egg timer / five minutes ago / it takes five minutes /
    how long is five minutes on mars / five minutes of fame / remind me of my mother / a two hour film / in two minutes to midnight /
    set a timer for pasta / set the timer to music / bake it for twenty minutes / wait five minutes / timer for nothing /
    i set a timer for five minutes yesterday / run five minutes faster / remind me in the morning`,
  ),
  timer_cancel_all: list(
    `cancel all my meetings / stop all the music / delete all photos / clear all cookies / delete all files / turn off all lights /
    cancel all subscriptions / stop all that noise / all timers are broken / two timers / old timers / cancel everybody /
    how do i delete all messages / why are all timers wrong / timers in javascript / stop the timers from drifting / clear skies all day /
    cancel all flights to rome / all the time / do timers cost money / remove all stains / turn all the lights off`,
  ),
  timer_cancel: list(
    `cancel the meeting / stop the music / delete the file / turn off the oven / turn off the light / stop the car / cancel the order /
    turn off the television / delete my account / end the call / the timer is broken / cancel my gym membership / kill the process /
    stop the pasta from sticking / remove the stain / how do i stop the alarm on my phone / when did the alarm start / clear the table /
    stop the clock / abort the mission / end of the line / my timer broke`,
  ),
  timer_left: list(
    `how much is left of the cake / how long is the river / how much time does it take / how long do eggs take / how long is a marathon /
    when is the meeting / when does the shop close / how much longer is the nile than the rhine / check the weather / check the oven /
    check my mail / how much money is left / how long have we got to live / what is left / left over pizza / how many minutes are in a day /
    when does the bus go / how long did the war last / what time is left blank / how much is the timer / when will it end / how long is the film`,
  ),
  timer_list: list(
    `list the planets / what timers are best for cooking / which timers should i buy / list my favourite songs / show me the way /
    show me a picture / do i have any mail / do i have any meetings today / how many days are left / how many timers fit in a box /
    what are timers made of / list all prime numbers / are there any shops nearby / is there a doctor / show me my photos /
    what are the best timers / read me a story / name all the rivers / list my appointments / do i have time / are there timers on mars /
    who makes timers`,
  ),
  repeat: list(
    `repeat the experiment / history repeats itself / on repeat / what did she say / what did you say to him / what did the fox say /
    say that to my face / what was that noise / what was that song / repeat offenders / when did you say that / say it in french /
    say it with flowers / once upon a time / again and again / over again and over / what was that film called / spell the word again in german /
    pardon my french / do it all over again / what did you say about paris / a repeat customer / come again another day`,
  ),
  volume_set: list(
    `what is the volume of a cube / volume two of the series / set the temperature to twenty / set the oven to two hundred / turn to page ten /
    set the volume / the volume was too high / half the volume of a sphere / how is volume measured / a volume of poems / trading volume /
    set the heating to five / volume of a cylinder / turn the heat to five / set the brightness to ten / ten percent of fifty /
    set the price to ten / what does volume mean / fifty percent off / change the channel to five / volume in litres /
    set the volume control on my phone`,
  ),
  volume_up: list(
    `turn up the heat / turn up the heating / turn the page up / speak up for yourself / the music is louder / louder than words /
    why is it louder at night / increase the speed / raise the roof / raise your hand / raise taxes / increase my salary / turn it up to page ten /
    volume up close / who sings turn it up / what is louder than a jet / speak louder than actions / actions speak louder than words /
    turn up at the party / the sound of music / make it bigger / crank case oil`,
  ),
  volume_down: list(
    `turn down the heat / turn down the offer / turn down the bed / lower the price / lower the blinds / lower back pain / decrease the speed /
    reduce the weight / a quieter place to live / which car is quieter / speak softly and carry a big stick / calm down / sit down / slow down /
    why is it quieter at night / turn it down the street / turn the heating down / volume down under / too loud a solitude / a softer pillow /
    lower your expectations / keep it down to earth`,
  ),
  mute: list(
    `mute swan / a mute person / mute the television / mute the group chat / how do i mute zoom / what does mute mean / deaf and mute /
    mute point / turn off the light / turn off the tv / turn off the radio / turn off the phone / sound of silence / the sound was off /
    turn the lights off / switch off the heater / is the sound of thunder loud / a trumpet mute / mute my microphone / mute everyone in the call /
    no sound in space / turn off your phone`,
  ),
  unmute: list(
    `unmute the television / unmute me in zoom / how do i unmute my phone / turn on the light / turn on the tv / turn on the radio /
    turn on the heating / switch on the lamp / turn the light on / what turns you on / the sound on the beach / sound on film /
    turn on the charm / come on / go on / when is the sound back / sound advice / unmute the group / you can speak french again /
    turn on a dime / what is that sound on the roof / on and on`,
  ),
  walk: list(
    `walk the dog / go ahead of the others / go back to the last topic / walk me home / take a step back from your work and think / move on / move to the city /
    how many steps is a mile / back to the future / walk like an egyptian / step by step / walk forward in time / go backward through the alphabet /
    one step forward two steps back / move the meeting forward / step on it / a walk in the park / go forward with the plan / drive me home /
    the way forward / i want to go back to school / take two steps back and look at the picture / fast forward / take me forward in time`,
  ),
  turn: list(
    `turn left at the next corner / turn right at the church / turn the page / turn around the car / it is your turn / whose turn is it /
    turn off the light / turn into a frog / which way do i turn / left turn only / what is left / you are right / right or left / on my left /
    turn over the pancake / take a left at the bank / turn ninety this year / rotate the picture left / the left wing / the right answer /
    turn to the left page / do a barrel roll / turn around three times and clap / my turn now to speak`,
  ),
  gesture: list(
    `wave goodbye to your brother / a heat wave / brain wave / microwave / wave particle duality / bow and arrow / the bow of a ship / rainbow /
    laugh at my joke about cats / why do people laugh / dance lessons / who wrote dancing queen / let us dance / dance of the vampires /
    nodding donkey / pose a question / balance my account / what is a balance sheet / cookie monster / loch ness monster / drop the price /
    a monster film / swing by the shop / the balance of power / strike a deal / kick the ball`,
  ),
  posture: list(
    `reset my password / reset the router / how do i reset my phone / stand up comedy / stand up for your rights / go to the starting line /
    power down the server / turn off your phone / relax and breathe / how can i relax / disable the alarm / disable cookies / a neutral country /
    the starting point / reset the clock / stand by me / attention please passengers / improve my posture / relax your rules /
    turn off your mind / motors and servos explained / go to the neutral zone / turn off the motor of the boat`,
  ),
  live_on: list(
    `where do you live / live mode of my camera / live and let live / live music tonight / what is live mode / is live mode on / long live the king /
    start living / do you live here / enter the dragon / enter the room / live stream the game / airplane mode / turn on dark mode /
    go live your life / activate my account / keep going / keep listening to the radio / i live in berlin / live concert tickets / start the car /
    enter live mode tomorrow at noon`,
  ),
  live_off: list(
    `can you live off the land / exit through the gift shop / exit polls / leave me alone / leave the room / stop living in the past /
    stop listening to gossip / how do i leave a group / what is live mode / is live mode off / where is the exit / stop the live stream /
    turn off dark mode / turn off airplane mode / end of live music / when did you stop listening to jazz / leave live chickens outside /
    disable my account / go to sleep my baby / sleep mode of my laptop / why do we go to sleep / how do i exit vim`,
  ),
  look: list(
    `what do you see in him / what can you see from the eiffel tower / look up the word / look after my dog / look at the stars tonight they are bright /
    what are you looking for / what are you looking forward to / see you later / do you see the problem with that / what does he see in her /
    describe a sunset / describe what you see in the poem / what is in front of the house / look around the corner / looks good /
    what is in the box / how do i look / i see / can you see the future / what do you see yourself doing / take a picture of the moon with a phone /
    you see what i mean`,
  ),
  say: list(
    `say / say something / say something in french / say that again but in french / what do you say / what does the fox say / say what you mean /
    they say it rains / i would say so / essay writing tips / how do you say hello in french / who can say / as they say / say it in french /
    what did caesar say / say anything / he has no say / needless to say / do people say gesundheit / say more / to say the least /
    never say never`,
  ),
  identity: list(
    `who are your friends / who are you talking to / what are you doing / what is your name short for / what is his name / what is the name of the dog /
    who is the president / who are they / what are atoms / what are you made of / tell me your opinion / do you have a brother /
    are you sure about that / are you a fan of jazz / name a river / introduce me to jazz / what are you thinking about / who are you voting for /
    what is your favourite name / what do you call a baby cat / who are the beatles / tell me about yourselves and others`,
  ),
  help: list(
    `help me with my homework / help wanted / can you help my brother move / how do i help a friend / what can you do about it /
    what can you do with old bread / what can i cook / what can i ask my doctor / what are your hobbies / help the poor / a cry for help /
    who helped columbus / list the commands of git / what commands does vim have / what can you say about kant / how do planes work /
    how do i use a hammer / the help desk / help yourself to a drink / self help books / what do you know about paris / how does this song go`,
  ),
  thanks: list(
    `thanksgiving / thank you letter for a teacher / how do you say thank you in german / thanks to the rain / who said thanks for the memories /
    write a thank you note / no thanks to you / thanks for nothing is a song by whom / i want to thank my mother / thankless jobs /
    should i thank him / appreciate the art of painting / well done steak / a good job in berlin / nice work if you can get it by whom /
    a thank you card / thank god it is friday / thanks but why / when is thanksgiving / thank heavens / good jobs for students /
    how do i appreciate wine`,
  ),
  greeting: list(
    `hello world in python / is this a good idea hi there maybe / hi jack / high five / hey jude lyrics / good morning vietnam / who sang hello / how is hello in spanish please explain /
    good evening news / good luck / good grief / goodbye / good idea / is it a good morning for fishing / hi fi systems / hello kitty /
    hay for horses / a good afternoon nap / what is a good day / greetings from hell / hello my name is bob and i like cats / hey what is a quark /
    good old days`,
  ),
  yes: list(
    `yesterday / yes minister / yes we can was whose slogan / sure footed animals / who said yes to the dress / is yes a band / right angle /
    the right answer / ok computer is an album by whom / go ahead and explain gravity / of course he did but why / i am not sure / are you sure /
    do it yourself / that is right wing / correct my grammar / exactly how tall is it / why not sleep / yes and then what / agree to disagree /
    a sure thing in roulette / yes men`,
  ),
  no: list(
    `no country for old men / no man is an island / do not go gentle / no parking / do not disturb signs / never say die / notice / know thyself /
    no idea what it means / why not / no one knows / is there no bread / no news is good news / do not feed the ducks / number five / nose /
    nobody / not a chance in a million / do not cry for me / no smoking / nope is a film by whom / negative numbers / never ending story`,
  ),
};
