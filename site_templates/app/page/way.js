/** Which way of running the model was measured to be the fastest on this device. */

/** @typedef {{circumstances: string, way: string}} Choice as the settings keep it under `way` */

/**
 * Name all that such a measurement depends on.
 *
 * @param {Pick<import('../classifier/types.js').SiteDescription, 'model' | 'runtime'>} site
 * @param {{navigator: Pick<Navigator, 'userAgent'>, crossOriginIsolated?: boolean}} scope the window
 */
export function circumstancesOf({ model, runtime }, { navigator, crossOriginIsolated }) {
  return [model, runtime, navigator.userAgent, crossOriginIsolated].join(' ');
}

/**
 * @param {Pick<ReturnType<typeof import('./settings.js').createSettings>, 'get'>} settings
 * @param {string} circumstances
 * @returns {string | undefined} for `Classifier.load`; undefined where it was not measured under these
 */
export function rememberedWay(settings, circumstances) {
  /** @type {Choice | null} */
  const choice = settings.get('way');
  return choice?.circumstances === circumstances ? String(choice.way) : undefined;
}
