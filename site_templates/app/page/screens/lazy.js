/** What is loaded when someone first enters a screen beside the camera: in one piece, with few files to ask for. */

export { createManyScreen } from '../batch/batch-screen.js';
export { createHistoryScreen } from '../history/history-screen.js';
