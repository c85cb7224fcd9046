/** The picture: live camera or frozen photo, and the crop that the network sees of it. */

import { frameIn, USUAL_CROP } from '../camera/crop.js';
import { text } from '../language/text.js';
import { cameraNotice } from '../messages.js';
import { element, setText } from './elements.js';

/** Milliseconds that a camera which has just started may take to deliver its first picture. */
const FIRST_FRAME_MS = 3000;

/** How a photo leaves: drawn out of the frame like a print, upwards. */
const LEAVE = [
  { transform: 'none', opacity: 1 },
  { transform: 'translateY(-6%) rotate(-1deg) scale(0.98)', opacity: 1, offset: 0.25 },
  { transform: 'translateY(-115%) rotate(-5deg) scale(0.9)', opacity: 0.6 },
];
const LEAVE_TIMING = { duration: 420, easing: 'cubic-bezier(0.5, 0, 0.75, 0.4)' };

export function createViewfinder() {
  const viewfinder = element('viewfinder', HTMLElement);
  const video = element('camera', HTMLVideoElement);
  const print = element('print', HTMLElement);
  const cropMark = element('crop', HTMLElement);
  const notice = element('camera-notice', HTMLElement);
  const noPicture = element('no-picture', HTMLElement);
  let crop = USUAL_CROP;
  let address = '';
  /** @type {Animation | null} */
  let leaving = null;

  new ResizeObserver(placeCrop).observe(viewfinder);
  video.addEventListener('resize', placeCrop);

  /** The size comes before the first frame, which alone can be drawn. */
  function hasFrame() {
    return video.videoWidth > 0 && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
  }

  /** The picture in view, with its size in pixels; null while there is none. */
  function picture() {
    const frozen = !print.hidden && !leaving;
    const photo = frozen ? print.firstElementChild : null;
    if (photo instanceof HTMLCanvasElement) {
      return { target: photo, whole: false, width: photo.width, height: photo.height };
    }
    if (photo instanceof HTMLImageElement) {
      const { naturalWidth: width, naturalHeight: height } = photo;
      return { target: photo, whole: true, width, height };
    }
    const { videoWidth: width, videoHeight: height } = video;
    return frozen || video.hidden ? null : { target: video, whole: false, width, height };
  }

  function placeCrop() {
    const shown = picture();
    cropMark.hidden = !shown?.width || !shown.height;
    if (!shown || cropMark.hidden) return;
    const view = { width: viewfinder.clientWidth, height: viewfinder.clientHeight };
    const frame = frameIn(view, shown, crop, shown.whole);
    shown.target.style.objectFit = frame.fit;
    cropMark.style.width = `${frame.width}px`;
    cropMark.style.height = `${frame.height}px`;
  }

  /** @param {HTMLCanvasElement | HTMLImageElement} photo */
  function show(photo) {
    leaving?.cancel();
    leaving = null;
    replacePrint(photo);
    print.hidden = false;
    noPicture.hidden = true;
    placeCrop();
  }

  /** @param {(HTMLCanvasElement | HTMLImageElement)[]} photos one, or none */
  function replacePrint(...photos) {
    const old = print.firstElementChild;
    print.replaceChildren(...photos);
    // iOS counts a canvas against its few hundred megabytes until its memory is given back.
    if (old instanceof HTMLCanvasElement) old.width = 0;
  }

  function clear() {
    leaving = null;
    print.hidden = true;
    replacePrint();
    noPicture.hidden = true;
    URL.revokeObjectURL(address);
    placeCrop();
  }

  return {
    /** @param {import('../camera/crop.js').Crop} modelCrop */
    setCrop(modelCrop) {
      crop = modelCrop;
      placeCrop();
    },

    /** @param {import('../camera/camera.js').LiveCamera} live */
    showCamera({ stream, facing }) {
      video.srcObject = stream;
      // A mirror is what people expect of the front camera; only the preview is mirrored.
      video.toggleAttribute('data-mirrored', facing === 'user');
      // `autoplay` suffices everywhere but in iOS's standalone mode after a stop and a new start.
      video.play().catch(() => {});
    },

    /** @returns {HTMLVideoElement | null} the video, if it has a frame to look at */
    liveFrame: () => (hasFrame() ? video : null),

    /** @returns {Promise<boolean>} resolves with the next frame, or with false where none comes */
    nextFrame: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve(false), FIRST_FRAME_MS);
        const arrived = () => {
          clearTimeout(timer);
          resolve(true);
        };
        video.addEventListener('loadeddata', arrived, { once: true });
      }),

    /** @returns {HTMLCanvasElement | null} the frozen frame, never mirrored; null while it is blank */
    freezeCamera() {
      if (!hasFrame()) return null;
      const canvas = document.createElement('canvas');
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      const context = canvas.getContext('2d');
      if (!context) return null;
      context.drawImage(video, 0, 0);
      canvas.setAttribute('role', 'img');
      canvas.setAttribute('aria-label', text('photo-taken'));
      show(canvas);
      return canvas;
    },

    /** @param {Blob} file */
    showFile(file) {
      const image = new Image();
      image.alt = text('photo-chosen');
      image.addEventListener('load', placeCrop);
      image.addEventListener('error', () => {
        if (image.parentElement !== print) return;
        image.remove();
        noPicture.hidden = false;
        placeCrop();
      });
      URL.revokeObjectURL(address);
      address = URL.createObjectURL(file);
      image.src = address;
      show(image);
    },

    /** The photo leaves the frame; at once where the person prefers less motion. */
    release() {
      if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
        clear();
        return;
      }
      const animation = print.animate(LEAVE, LEAVE_TIMING);
      animation.addEventListener('finish', () => {
        // Not the photo that came in its place meanwhile.
        if (leaving === animation) clear();
      });
      leaving = animation;
      placeCrop();
    },

    /** @param {import('../session.js').Session} session */
    render({ camera, photo }) {
      video.hidden = camera.phase !== 'live';
      if (video.hidden) video.srcObject = null;
      notice.hidden = Boolean(photo) || (camera.phase !== 'failed' && camera.phase !== 'starting');
      notice.dataset.phase = camera.phase;
      const code = camera.phase === 'failed' ? camera.error : 'camera-starting';
      const { title, body, retry } = cameraNotice(code, navigator);
      setText(notice.querySelector('.notice-title') ?? notice, title);
      setText(notice.querySelector('.notice-text') ?? notice, body);
      element('retry-camera', HTMLButtonElement).hidden = !retry;
      placeCrop();
    },
  };
}
