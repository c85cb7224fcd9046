/** The page's sentences, by code. Pure. */

/** @typedef {{title: string, text: string, retry: boolean}} CameraNotice `retry`: trying again may help */

/** @type {Record<string, string>} */
const ERRORS = {
  'not-an-image': 'This file isn’t a photo that the browser can read. Try a JPEG, PNG or WebP.',
  'unsupported-format':
    'This browser can’t open this kind of photo. Save it as a JPEG or PNG and try again.',
  'image-too-large': 'This photo is too large for this device. Try a smaller copy of it.',
  'model-unreachable': 'The model couldn’t be downloaded. Check the connection, then try again.',
  'model-damaged': 'The model arrived damaged. Try again to download it anew.',
  'model-failed': 'The model didn’t start. Try again, or reload the page.',
  'no-backend':
    'This browser can’t run the model: it offers neither WebAssembly nor WebGL. Try a current browser.',
  'no-file':
    'There was no photo in that. Save the picture to this device first, then drop the file.',
  'camera-blank': 'The camera hasn’t delivered a picture yet. Give it a moment, then try again.',
};

/**
 * @param {string} code of a ClassifierError, or of the page's own
 * @returns {string} what went wrong and the way on, in a sentence or two
 */
export function errorMessage(code) {
  return ERRORS[code] ?? 'Something went wrong with this photo. Try again, or try another one.';
}

const PICK = 'You can still choose a photo from this device.';

/** @type {Record<string, CameraNotice>} */
const CAMERA = {
  'camera-starting': {
    title: 'Starting the camera',
    text: 'If the browser asks, allow it: what the camera sees never leaves this device.',
    retry: false,
  },
  'camera-denied': {
    title: 'The camera is switched off for this site',
    text: `Allow it in the browser’s site settings if you like. ${PICK}`,
    retry: true,
  },
  'camera-none': {
    title: 'No camera here',
    text: PICK,
    retry: false,
  },
  'camera-busy': {
    title: 'The camera is busy',
    text: `Another app or tab seems to be using it. Close that, then try again. ${PICK}`,
    retry: true,
  },
  'camera-lost': {
    title: 'The camera went away',
    text: `It was unplugged or taken by another app. ${PICK}`,
    retry: true,
  },
  'camera-insecure': {
    title: 'The camera needs a secure page',
    text: `Browsers give it only to addresses that start with https. ${PICK}`,
    retry: false,
  },
  'camera-unsupported': {
    title: 'No camera in this browser',
    text: `This browser doesn’t give pages a camera. ${PICK}`,
    retry: false,
  },
};

/**
 * @param {string} code
 * @returns {CameraNotice}
 */
export function cameraNotice(code) {
  return (
    CAMERA[code] ?? { title: 'The camera didn’t start', text: `Try it again. ${PICK}`, retry: true }
  );
}

/** @type {Record<import('./session.js').Trigger, string>} */
export const TRIGGER_LABELS = {
  wait: 'Starting camera',
  shoot: 'Take photo',
  back: 'Back to camera',
  choose: 'Choose a photo',
  'choose-another': 'Choose another photo',
};

/** What the page asks for, with and without a camera. */
export const INVITATIONS = { take: 'Take a photo or choose one', choose: 'Choose a photo' };

export const UPDATE_READY = 'A new version is ready.';

/** @type {Record<string, string>} */
const OFFLINE_FAILURES = {
  unsupported: 'Not in this browser, or not from this address',
  unreachable: 'Not yet: some files couldn’t be downloaded',
  'registration-failed': 'Not yet: some files couldn’t be downloaded',
  damaged: 'Not yet: some files arrived damaged',
  quota: 'No: there is too little space on this device',
};

/**
 * Whether the app works without a connection.
 *
 * @param {import('./offline.js').OfflineState} offline
 * @returns {{short: string, long: string, retriable: boolean}} for the page's corner, '' for nothing;
 *   for the About panel; whether trying again may help
 */
export function offlineText({ state, reason = 'internal' }) {
  switch (state) {
    case 'pending':
      return {
        short: 'Saving for offline',
        long: 'Saving the app on this device',
        retriable: false,
      };
    case 'ready':
      return {
        short: 'Works offline',
        long: 'Yes: all of it is on this device',
        retriable: false,
      };
    case 'failed':
      return {
        short: reason === 'unsupported' ? '' : 'Not offline yet',
        long: OFFLINE_FAILURES[reason] ?? 'No: it could not be saved',
        retriable: reason !== 'unsupported',
      };
  }
}

/** @param {number} others how many more photos came along */
export function onlyFirst(others) {
  return `Looking at the first of ${others + 1} photos.`;
}

/**
 * The page's state in words: for `#status`, which screen readers read out whenever it changes.
 *
 * @param {import('./session.js').PageState} state
 * @param {{photo: boolean, best: string | null}} about `photo`: one is frozen; `best`: the first
 *   prediction's name, if any is certain enough
 */
export function statusText(state, { photo, best }) {
  switch (state) {
    case 'loading':
      return photo ? 'Your photo waits for the model' : 'Loading the model';
    case 'ready':
      return 'Ready for a photo';
    case 'busy':
      return 'Looking at the photo';
    case 'result':
      return best === null ? 'Not sure what this is' : `Most likely: ${best}`;
    case 'error':
      return 'That didn’t work';
  }
}
