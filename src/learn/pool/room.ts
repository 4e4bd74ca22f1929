/** From so many inputs on, one more makes room for several: growing costs more than learning. */
const slackFrom = 64;
const slack = 1 / 8;

/** How many inputs to make the experts for, who have room for so many. */
export const roomFor = (inputCount: number, room: number): number => {
  if (inputCount <= room) return room;
  return room < slackFrom ? inputCount : Math.max(inputCount, Math.ceil(room * (1 + slack)));
};
