// A pause that keeps the process alive, for commands that wait for something outside.
export { setTimeout as wait } from 'node:timers/promises';
