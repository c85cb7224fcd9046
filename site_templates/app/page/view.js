/** The page as people see it: shows a session, and hands on what they do. */

import { downloaded } from './format.js';
import { text } from './language/text.js';
import { answerText, errorMessage, liveText, offlineText, statusText } from './messages.js';
import { errorCode, maySwitchCamera, pageState, showsLive, trigger } from './session.js';
import { createAbout } from './view/about.js';
import { createCameraTools } from './view/camera-tools.js';
import { watchCovers } from './view/covers.js';
import { element, setIcon, setText } from './view/elements.js';
import { createIntake } from './intake/intake.js';
import { createLiveView } from './view/live.js';
import { createResults } from './view/results.js';
import { createSavingProgress } from './view/saving.js';
import { createViewfinder } from './view/viewfinder.js';

/** @typedef {import('./session.js').Session} Session */
/** @typedef {Pick<import('./types.js').Controller, 'trigger' | 'switchCamera' | 'chooseLens' | 'setTorch' | 'setZoom' | 'setLive' | 'startCamera' | 'loadModel' | 'receive' | 'hidden' | 'visible'>} Actions */

/** @type {Record<import('./session.js').Trigger, string>} */
const TRIGGER_ICONS = {
  wait: 'camera',
  shoot: 'camera',
  back: 'back',
  choose: 'photos',
  'choose-another': 'photos',
};

/**
 * @param {Pick<import('./types.js').Site, 'classes'>} site
 * @param {() => Actions} actions asked for at each event: the controller is made after the view
 */
export function createView(site, actions) {
  const root = document.documentElement;
  const status = element('status', HTMLElement);
  const progress = element('progress', HTMLElement);
  const message = element('message', HTMLElement);
  const hint = element('hint', HTMLElement);
  const invitation = element('invitation', HTMLElement);
  const shutter = element('shutter', HTMLButtonElement);
  const shutterLabel = element('shutter-label', HTMLElement);
  const pickButton = element('pick-photo', HTMLButtonElement);
  const switchButton = element('switch-camera', HTMLButtonElement);
  const retryModel = element('retry-model', HTMLButtonElement);
  const offline = element('offline', HTMLElement);
  const retryOffline = element('retry-offline', HTMLButtonElement);
  const update = element('update', HTMLElement);
  const viewfinder = createViewfinder();
  const results = createResults(site);
  const tools = createCameraTools(actions);
  const live = createLiveView((wanted) => actions().setLive(wanted));
  const about = createAbout();
  /** @param {string} words */
  const showSaving = (words) => setText(offline.querySelector('span') ?? offline, words);
  const saving = createSavingProgress(
    (words) => {
      showSaving(words);
      about.showOffline(words);
    },
    (words) => setText(element('offline-status', HTMLElement), words),
  );
  const openPicker = createIntake((photos) => actions().receive(photos));

  shutter.addEventListener('click', (event) => {
    // The second click of a double-click would take the photo away again.
    if (event.detail < 2) actions().trigger();
  });
  shutter.addEventListener('keydown', (event) => {
    // So would a key that is held down.
    if (event.repeat) event.preventDefault();
  });
  pickButton.addEventListener('click', openPicker);
  switchButton.addEventListener('click', () => actions().switchCamera());
  onceUsed(retryModel, () => actions().loadModel());
  onceUsed(element('retry-camera', HTMLButtonElement), () => actions().startCamera());
  onceUsed(element('dismiss-update', HTMLButtonElement), () => {
    update.hidden = true;
  });
  watchCovers(actions);

  /**
   * A button that disappears when it was pressed: the focus goes to the trigger, and isn't lost.
   *
   * @param {HTMLButtonElement} button
   * @param {() => void} act
   */
  function onceUsed(button, act) {
    button.addEventListener('click', () => {
      act();
      shutter.focus();
    });
  }

  /** @param {Session} session */
  function renderTrigger(session) {
    const action = trigger(session);
    shutter.dataset.trigger = action;
    shutter.setAttribute('aria-disabled', String(action === 'wait'));
    setText(shutterLabel, text(`trigger-${action}`));
    setIcon(shutter.querySelector('.icon') ?? shutter, TRIGGER_ICONS[action]);
    // Without a camera the trigger itself chooses photos.
    pickButton.hidden = action === 'choose' || action === 'choose-another';
    switchButton.hidden = !session.camera.switchable || session.camera.phase === 'failed';
    // Neither hidden nor disabled while the other camera starts: it would lose the focus.
    switchButton.setAttribute('aria-disabled', String(!maySwitchCamera(session)));
  }

  /** @param {Session} session */
  function renderWords(session) {
    const { model, photo, answer } = session;
    const state = pageState(session);
    const found = answer && 'predictions' in answer ? answer : null;
    const said = found ? answerText(found.certainty, found.predictions, site.classes) : '';
    const words = showsLive(session)
      ? liveText(session.live.announced)
      : statusText(state, { photo: photo !== null, answer: said });
    setText(status, words);
    const { loaded, total, phase } = model;
    setText(progress, phase === 'loading' && loaded ? downloaded(loaded, total) : '');
    shutter.style.setProperty('--loaded', String(total ? loaded / total : 0));
    const code = errorCode(session);
    const waits = model.quiet ? text('loading-quiet') : '';
    setText(message, code ? errorMessage(code) : waits);
    retryModel.hidden = model.phase !== 'failed';
    hint.hidden = photo !== null || code !== '' || showsLive(session);
    setText(invitation, text(trigger(session) === 'choose' ? 'invite-choose' : 'invite-take'));
  }

  return {
    openPicker,
    showCamera: viewfinder.showCamera,
    showTools: tools.show,
    freezeCamera: viewfinder.freezeCamera,
    nextFrame: viewfinder.nextFrame,
    showFile: viewfinder.showFile,
    releasePhoto: viewfinder.release,
    liveFrame: viewfinder.liveFrame,
    showSpeed: live.showSpeed,
    showLive: results.showLive,

    /** @param {Session} session */
    render(session) {
      root.dataset.state = pageState(session);
      if (session.model.backend) {
        root.dataset.backend = session.model.backend;
        about.showBackend(session.model.backend);
      }
      viewfinder.render(session);
      renderTrigger(session);
      renderWords(session);
      tools.render(session);
      live.render(session);
      results.render(session);
      about.showSpeed(session.answer);
    },

    /** @param {import('./types.js').Classifier} classifier */
    describeModel({ metadata }) {
      const cells = metadata.outputs.classActivation ?? [1, 1];
      root.toggleAttribute('data-explains', cells[0] * cells[1] > 1);
      viewfinder.setCrop(metadata.preprocessing);
      about.describe(metadata);
    },

    /**
     * @param {import('./offline/offline.js').OfflineState} state whether all works without a connection
     * @param {() => void} retry saves again what could not be saved
     */
    showOffline(state, retry) {
      const { short, long, retriable } = offlineText(state);
      root.dataset.offline = state.state;
      if (state.extras) root.dataset.extras = state.extras;
      offline.hidden = short === '';
      setIcon(offline, state.state === 'ready' ? 'check' : 'cloud');
      showSaving(short);
      saving.settled(short);
      retryOffline.hidden = !retriable;
      retryOffline.onclick = () => {
        retry();
        shutter.focus();
      };
      about.showOffline(long);
      // Why it is not saved stands on the page, too: a person may be able to do something about it.
      const reason = element('offline-reason', HTMLElement);
      setText(reason, long);
      reason.hidden = !retriable;
    },

    showOfflineProgress: saving.progress,

    /** @param {() => void} apply takes the waiting update and reloads */
    offerUpdate(apply) {
      element('apply-update', HTMLButtonElement).onclick = apply;
      update.hidden = false;
      // Screen readers read out what changes inside a region, not one that appears with its text.
      setText(element('update-text', HTMLElement), text('update-ready'));
    },
  };
}
