import { preferredFirst, entriesOf, groupNames } from './plan.js';

/**
 * The files of one version, by groups: brings them in, resumes where an earlier attempt ended, and says
 * what is there.
 *
 * @typedef {import('./plan.js').PrecacheEntry} PrecacheEntry
 * @typedef {import('./plan.js').PrecacheManifest} PrecacheManifest
 * @typedef {{loaded: number, total: number}} PrecacheProgress bytes
 */

/** The group of the files that an app works without. */
export const EXTRAS = 'extras';

/**
 * Turn counts of bytes into reports, one for each whole percent.
 *
 * @param {number} total bytes
 * @param {(progress: PrecacheProgress) => void} report
 * @returns {(bytes: number) => void} negative bytes take back what a failed attempt had counted
 */
export function percentSteps(total, report) {
  let loaded = 0;
  let reported = -1;
  return (bytes) => {
    loaded += bytes;
    const percent = Math.floor((100 * loaded) / total);
    if (percent === reported) return;
    reported = percent;
    report({ loaded, total });
  };
}

/** The precache of one version. */
export class Precache {
  #manifest;
  #groups;
  #store;
  #filler;
  #languages;
  #wait;
  /** What is being brought, by group. @type {Map<string, Promise<void>>} */
  #running = new Map();

  /**
   * @param {object} parts
   * @param {PrecacheManifest} parts.manifest
   * @param {{needed: string[], extras: string[]}} parts.groups without which the app does not work offline
   *   on this device, and what else the device keeps
   * @param {import('./store.js').VersionStore} parts.store
   * @param {import('./filler.js').Filler} parts.filler
   * @param {readonly string[]} parts.languages of the browser, the preferred first
   * @param {() => Promise<void>} parts.wait as long as a whole version waits for its extras
   */
  constructor({ manifest, groups, store, filler, languages, wait }) {
    this.#manifest = manifest;
    this.#groups = groups;
    this.#store = store;
    this.#filler = filler;
    this.#languages = languages;
    this.#wait = wait;
  }

  /**
   * Fetch all that this device needs, and then, for a moment, its extras: those that are late can be fetched
   * later, by `ensure`.
   *
   * @param {(progress: PrecacheProgress) => void} report
   * @throws {Error} when any needed file is missing in the end; what was verified stays for the next attempt
   */
  async install(report) {
    const requested = await this.#store.requestedGroups();
    // Where there is no WebAssembly, the page computes with what it has asked for or not at all.
    const vital = this.#groups.needed.length > 1 ? [] : requested;
    const core = this.#once('core', () => this.#fill([...this.#groups.needed, ...vital], report));
    try {
      await core;
      // The older version's note goes with its cache, and so do its files.
      if (requested.length) await this.#store.noteRequestedGroups(requested);
    } catch (error) {
      const { name } = /** @type {Error} */ (error);
      // Else the next attempt finds them here, and fetches what was wrong only.
      if (name === 'QuotaExceededError' || !(await this.#isBegun())) throw error;
    }
    await this.#filler.adopt(await this.#extras());
    const extras = this.ensure(EXTRAS, () => {}).catch(() => {});
    await Promise.race([extras, this.#wait()]);
    await core;
  }

  /**
   * Bring in a backend's files, with "extras" all that this device keeps beyond what it needs, or with
   * "core" mend what it needs. Files that are there are verified, so this also repairs.
   *
   * @param {string} group
   * @param {(progress: PrecacheProgress) => void} report
   * @throws {Error} when the manifest knows no such group or a file is missing in the end
   */
  async ensure(group, report) {
    if (group === 'core') return this.#once(group, () => this.#fill(this.#groups.needed, report));
    if (group === EXTRAS) {
      return this.#once(group, async () => this.#filler.fill(await this.#extras(), () => {}));
    }
    if (!groupNames(this.#manifest).has(group)) {
      throw new Error(`the precache manifest has no group ${JSON.stringify(group)}`);
    }
    await this.#once(group, () => this.#fill([group], report));
    await this.#store.noteRequestedGroups([group]);
  }

  /**
   * Fetch a single file past every cache and keep it.
   *
   * @param {PrecacheEntry} entry
   * @throws {Error} when the network has no right copy either
   */
  renew(entry) {
    return this.#filler.renew(entry);
  }

  /**
   * Say what is there. What the device needs counts by its bytes, and all else by its names: that is
   * verified when it is asked for.
   *
   * @returns {Promise<{ready: boolean, extras: boolean, groups: string[], files: number, bytes: number}>}
   *   `ready` when all that the device needs is there, `extras` when all else is; the names of the whole
   *   groups
   */
  async status() {
    const { entries } = this.#manifest;
    const needed = this.#entries(this.#groups.needed);
    /** @type {Set<PrecacheEntry>} */
    const held = new Set();
    // One after the other: never more than one file is in memory, and other requests are not slowed down.
    for (const entry of entries) {
      const there = needed.has(entry) ? this.#store.holdsVerified(entry) : this.#store.holds(entry);
      if (await there) held.add(entry);
    }
    const missing = new Set(entries.flatMap((entry) => (held.has(entry) ? [] : entry.groups)));
    const groups = [...groupNames(this.#manifest)].filter((name) => !missing.has(name));
    return {
      ready: this.#groups.needed.every((group) => !missing.has(group)),
      extras: (await this.#extras()).every((entry) => held.has(entry)),
      groups: groups.sort(),
      files: held.size,
      bytes: [...held].reduce((sum, { size }) => sum + size, 0),
    };
  }

  /** Whether anything that is needed is there: then the host has something for us. */
  async #isBegun() {
    for (const entry of this.#entries(this.#groups.needed)) {
      if (await this.#store.holds(entry)) return true;
    }
    return false;
  }

  /** @returns {Promise<PrecacheEntry[]>} the most important first */
  async #extras() {
    const needed = this.#entries(this.#groups.needed);
    const requested = await this.#store.requestedGroups();
    const extras = this.#entries([...this.#groups.extras, ...requested]);
    return preferredFirst(
      [...extras].filter((entry) => !needed.has(entry)),
      this.#languages,
    );
  }

  /** @param {string[]} groups */
  #entries(groups) {
    return new Set(entriesOf(this.#manifest, groups));
  }

  /**
   * Two pages may ask at the same moment: the second waits for what the first has started.
   *
   * @param {string} group
   * @param {() => Promise<void>} bring
   */
  #once(group, bring) {
    const running = this.#running.get(group);
    if (running) return running;
    const run = bring().finally(() => this.#running.delete(group));
    this.#running.set(group, run);
    return run;
  }

  /**
   * @param {string[]} groups
   * @param {(progress: PrecacheProgress) => void} report
   */
  async #fill(groups, report) {
    const entries = [...this.#entries(groups)];
    const total = entries.reduce((sum, entry) => sum + entry.size, 0);
    await this.#filler.fill(entries, percentSteps(total, report));
  }
}
