/** The page's composition root: makes the parts and connects them. */

import { Classifier } from '../classifier.js';
import { trustedScriptUrl } from '../shared/trusted-scripts.js';
import { Camera } from './camera/camera.js';
import { createController } from './controller.js';
import { takeWorker } from './startup/early-worker.js';
import { createExplain } from './explain/explain.js';
import { startOffline } from './offline/offline.js';
import { loadLanguage, offerLanguages } from './language/load.js';
import { identifyClasses, loadClassNames } from './language/class-names.js';
import { createLive } from './live/live.js';
import { createPreferences } from './preferences.js';
import { createSettings } from '../shared/settings.js';
import { createScreens } from './screens/screens.js';
import { createStorageKeeper } from './offline/persist.js';
import { receiveArrivals } from './system/arrivals.js';
import { createWakeLock } from './system/wake-lock.js';
import { createBackendChoice } from './backend-choice.js';
import { cachedBytes } from './system/stored.js';
import { forgetEverything } from './system/forget.js';
import { createRemoval } from './system/removal.js';
import { endStart } from './startup/end.js';
import { createView } from './view.js';
import { createResultActions } from './view/result-actions.js';
import { askForShared } from './view/shared.js';
import { whenState } from './view/states.js';
import { createMaintenance } from './view/maintenance.js';

/** @type {import('./types.js').Site & import('../classifier/types.js').SiteDescription} */
const site = JSON.parse(document.getElementById('site')?.textContent ?? '');
const root = new URL('./', document.baseURI);

/** @type {(classifier: import('./types.js').Classifier) => void} */
let onReady;
/** @type {Promise<import('./types.js').Classifier>} */
const classifierReady = new Promise((resolve) => {
  onReady = resolve;
});

/** The person has the app taken off the device: what is on its way must not be kept. */
const ending = new AbortController();
const { signal } = ending;

await loadLanguage();
const named = loadClassNames(site, root.href);
const settings = createSettings(root.href);
const view = createView(site, () => ({
  ...controller,
  receive: screens.receive,
}));
offerLanguages(settings, () => location.reload());
const preferences = createPreferences({
  settings,
  site,
  onChange() {
    controller.lookAgain();
    screens.judgeAnew();
  },
});
const camera = new Camera({
  mediaDevices: navigator.mediaDevices,
  permissions: navigator.permissions,
  secure: window.isSecureContext,
  // A desktop's browser would ask whether it may "use and move" the camera, just for this.
  zoom: matchMedia('(pointer: coarse)').matches,
  onLost: (code) => controller.cameraLost(code),
  onPlugged: () => controller.cameraPlugged(),
  onAllowed: () => controller.cameraAllowed(),
});
const backendChoice = createBackendChoice({
  settings,
  circumstances: [site.model, site.runtime, navigator.userAgent, window.crossOriginIsolated].join(
    ' ',
  ),
  onBackend: (backend) => offline.ensureBackend(backend),
});
const wakeLock = createWakeLock();
const resultActions = createResultActions(document.title, settings);
const controller = createController({
  site,
  camera,
  view,
  settings,
  preferences,
  async loadClassifier(onProgress) {
    const loading = Classifier.load(root, {
      site,
      preferred: backendChoice.preferred(),
      worker: takeWorker(window),
      onProgress,
      signal,
    });
    const [classifier] = await Promise.all([loading, named]);
    identifyClasses(classifier.metadata);
    return classifier;
  },
  followLive: createLive({
    site,
    preferences,
    view,
    wakeLock,
    resting: () => backendChoice.measuring,
  }),
  onReady: (classifier) => onReady(classifier),
  onBackend: (backend) => offline.ensureBackend(backend),
  onAnswer(seer, answer) {
    backendChoice.answered(seer);
    if (!answer) return;
    const { photo, predictions, grayscale, again } = answer;
    resultActions(photo, predictions);
    if (!again) screens.remember(photo, predictions, grayscale);
  },
  onMany: (photos) => screens.openMany(photos),
});
createExplain({ ask: controller.explain, settings });
const screens = createScreens({
  site,
  preferences,
  root: root.href,
  settings,
  named,
  ready: () => classifierReady,
  loadPool: () => Classifier.loadPool(root, { site, signal }),
  wakeLock,
  signal,
  camera: controller,
});
screens.follow();
// In a tab opened in the background the camera waits until someone looks at it.
if (document.hidden) controller.hidden();
else controller.visible();
const keepStorage = createStorageKeeper(whenState((state) => state === 'result'));
const offline = startOffline({
  url: trustedScriptUrl(new URL('sw.js', root)),
  after: controller.loadModel(),
  signal,
  onState: (state) => {
    view.showOffline(state, () => offline.retry());
    if (state.state !== 'ready') return;
    controller.filesArrived();
    screens.again();
    keepStorage();
  },
  whenIdle: () => whenState((state) => state !== 'busy'),
  onProgress: view.showOfflineProgress,
  onUpdate(apply) {
    view.offerUpdate(apply);
    maintenance.offerUpdate(apply);
  },
});
const maintenance = createMaintenance({
  stored: async () =>
    (await cachedBytes(window.caches, root.href)) + (await screens.historyBytes()),
  estimate: async () => (await navigator.storage?.estimate()) ?? {},
  check: offline.check,
  async remove() {
    removal.announce();
    return remove();
  },
  reload: () => location.reload(),
});
const removal = createRemoval({
  root: root.href,
  async onRemoved() {
    await remove();
    maintenance.showRemoved();
  },
});

function remove() {
  controller.hidden('end');
  // What is still being measured would be kept after all is gone.
  settings.end();
  ending.abort();
  return forgetEverything(root.href);
}

receiveArrivals({ root: root.href, receive: screens.receive, ask: askForShared });
endStart();
