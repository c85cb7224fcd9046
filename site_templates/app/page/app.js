/** The page's composition root: makes the parts and introduces them to each other. */

import { Classifier } from '../classifier.js';
import { trustedScriptUrl } from '../trusted_scripts.js';
import { Camera } from './camera.js';
import { createController } from './controller.js';
import { takeWorker } from './early-worker.js';
import { createExplain } from './explain/explain.js';
import { startOffline } from './offline.js';
import { offerLanguages } from './language/choose.js';
import { loadClassNames } from './language/class-names.js';
import { loadLanguage } from './language/load.js';
import { createLive } from './live/live.js';
import { createPreferences } from './preferences.js';
import { createSettings } from './settings.js';
import { createSideRooms } from './side-rooms.js';
import { createStorageKeeper } from './storage.js';
import { receiveArrivals } from './system/arrivals.js';
import { createWakeLock } from './system/wake-lock.js';
import { createTuning } from './tuning.js';
import { cachedBytes } from './system/stored.js';
import { forgetChoices, forgetWorker } from './system/forget.js';
import { forgetCaches } from './system/own_caches.js';
import { createView } from './view.js';
import { createAfterwards } from './view/afterwards.js';
import { whenState } from './view/states.js';
import { createUpkeep } from './view/upkeep.js';

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
const settings = createSettings(root.pathname);
const view = createView(() => ({
  ...controller,
  receive: rooms.receive,
  visible: rooms.visible,
}));
offerLanguages(settings, () => location.reload());
const preferences = createPreferences({
  settings,
  site,
  onChange() {
    controller.lookAgain();
    rooms.judgeAnew();
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
const tuning = createTuning({
  settings,
  circumstances: [site.model, site.runtime, navigator.userAgent, window.crossOriginIsolated].join(
    ' ',
  ),
  onBackend: (backend) => offline.ensureBackend(backend),
});
const wakeLock = createWakeLock();
const afterwards = createAfterwards(document.title, settings);
const controller = createController({
  site,
  camera,
  view,
  settings,
  preferences,
  async loadClassifier(onProgress) {
    const loading = Classifier.load(root, {
      site,
      preferred: tuning.preferred(),
      worker: takeWorker(window),
      onProgress,
      signal,
    });
    const [classifier] = await Promise.all([loading, named]);
    return classifier;
  },
  followLive: createLive({
    site,
    preferences,
    view,
    wakeLock,
    resting: () => tuning.measuring,
  }),
  onReady: (classifier) => onReady(classifier),
  onBackend: (backend) => offline.ensureBackend(backend),
  onAnswer(seer, answer) {
    tuning.answered(seer);
    if (!answer) return;
    const { photo, predictions, grayscale, again } = answer;
    afterwards(photo, predictions);
    if (!again) rooms.remember(photo, predictions, grayscale);
  },
  onMany: (photos) => rooms.openMany(photos),
});
createExplain({ ask: controller.explain, settings });
const rooms = createSideRooms({
  site,
  preferences,
  path: root.pathname,
  settings,
  named,
  ready: () => classifierReady,
  loadPool: () => Classifier.loadPool(root, { site, signal }),
  wakeLock,
  camera: controller,
});
// In a tab opened in the background the camera waits until someone looks at it.
if (!document.hidden) rooms.visible();
const keepStorage = createStorageKeeper(whenState((state) => state === 'result'));
const offline = startOffline({
  url: trustedScriptUrl(new URL('sw.js', root)),
  after: controller.loadModel(),
  signal,
  onState: (state) => {
    view.showOffline(state, () => offline.retry());
    if (state.state !== 'ready') return;
    controller.filesArrived();
    keepStorage();
  },
  whenIdle: () => whenState((state) => state !== 'busy'),
  onProgress: view.showOfflineProgress,
  onUpdate(apply) {
    view.offerUpdate(apply);
    upkeep.offerUpdate(apply);
  },
});
const upkeep = createUpkeep({
  stored: async () => (await cachedBytes(window.caches, root.href)) + (await rooms.historyBytes()),
  estimate: async () => (await navigator.storage?.estimate()) ?? {},
  check: offline.check,
  async remove() {
    controller.hidden();
    // What is still being measured would be kept after all is gone.
    settings.end();
    ending.abort();
    if (navigator.serviceWorker) await forgetWorker(navigator.serviceWorker, root.href);
    if (window.caches) await forgetCaches(window.caches, root.href);
    forgetChoices(localStorage, indexedDB, root.href);
  },
  reload: () => location.reload(),
});
rooms.follow();
receiveArrivals({ root: root.href, receive: rooms.receive });
