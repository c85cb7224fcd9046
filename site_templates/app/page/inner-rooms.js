/** What is loaded when someone first enters a room beside the camera: in one piece, with few files to ask for. */

export { createManyRoom } from './batch/room.js';
export { createHistoryRoom } from './history/room.js';
export { databaseName } from './history/store.js';
