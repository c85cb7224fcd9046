/** The page's composition root: makes the parts and introduces them to each other. */

import { Classifier } from '../classifier.js';
import { Camera } from './camera.js';
import { createController } from './controller.js';
import { startOffline } from './offline.js';
import { createSettings } from './settings.js';
import { createView } from './view.js';

/** @type {import('./types.js').Site & import('../classifier/types.js').SiteDescription} */
const site = JSON.parse(document.getElementById('site')?.textContent ?? '');
const root = new URL('./', document.baseURI);

const view = createView(() => controller);
const camera = new Camera({
  mediaDevices: navigator.mediaDevices,
  permissions: navigator.permissions,
  secure: window.isSecureContext,
  onLost: () => controller.cameraLost(),
  onPlugged: () => controller.cameraPlugged(),
  onAllowed: () => controller.cameraAllowed(),
});
const controller = createController({
  site,
  camera,
  view,
  settings: createSettings(root.pathname),
  loadClassifier: (onProgress) => Classifier.load(root, { site, onProgress }),
  onBackend: (backend) => offline.ensureBackend(backend),
});
// In a tab opened in the background the camera waits until someone looks at it.
if (!document.hidden) controller.startCamera();
const offline = startOffline({
  after: controller.loadModel(),
  onState: (state) => view.showOffline(state, () => offline.retry()),
  onProgress: view.showOfflineProgress,
  onUpdate: view.offerUpdate,
});
