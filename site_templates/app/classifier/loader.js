/** Loads an engine, if need be before the page has come to ask for it. */

/**
 * @typedef {import('./engine.js').Engine} Engine
 * @typedef {import('./engine.js').EngineOptions} EngineOptions
 */

/**
 * @param {(options: EngineOptions, onProgress: import('./types.js').OnProgress) => Promise<Engine>} load
 */
export function createLoader(load) {
  /** @type {ReturnType<typeof start> | undefined} */
  let begun;

  /** @param {EngineOptions} options */
  function start(options) {
    /** @type {Parameters<import('./types.js').OnProgress>[0] | undefined} */
    let last;
    /** @type {import('./types.js').OnProgress} */
    let tell = () => {};
    const engine = load(options, (progress) => {
      last = progress;
      tell(progress);
    });
    // Whoever asks for the engine hears of a failure.
    engine.catch(() => {});
    /** @param {import('./types.js').OnProgress} onProgress told how far it is, and from now on */
    const follow = (onProgress) => {
      if (last) onProgress(last);
      tell = onProgress;
    };
    return { engine, follow, key: JSON.stringify(options) };
  }

  return {
    /** @param {EngineOptions} options those that `load` is going to be called with */
    begin(options) {
      begun = start(options);
    },

    /**
     * @param {EngineOptions} options
     * @param {import('./types.js').OnProgress} onProgress
     * @returns {Promise<Engine>} the one that was begun, if it was for the same
     */
    load(options, onProgress) {
      const early = begun;
      begun = undefined;
      const same = early?.key === JSON.stringify(options);
      if (early && !same) early.engine.then((unwanted) => unwanted.dispose()).catch(() => {});
      const { engine, follow } = early && same ? early : start(options);
      follow(onProgress);
      return engine;
    },
  };
}
