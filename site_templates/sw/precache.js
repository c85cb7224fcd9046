/**
 * Brings the files of a version into its cache, resumes where an earlier attempt ended, and says what is
 * there.
 *
 * @typedef {import('./plan.js').PrecacheEntry} PrecacheEntry
 * @typedef {import('./plan.js').PrecacheManifest} PrecacheManifest
 * @typedef {{loaded: number, total: number}} PrecacheProgress bytes
 */

/** Files fetched at once: enough to fill a connection, few enough to keep memory to a few shards. */
export const PARALLEL_FETCHES = 4;

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
  #download;
  #plan;
  #estimate;
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /**
   * @param {object} parts
   * @param {PrecacheManifest} parts.manifest
   * @param {string[]} parts.groups what every visit on this device needs
   * @param {import('./store.js').VersionStore} parts.store
   * @param {import('./download.js').Downloader} parts.downloader
   * @param {Pick<typeof import('./plan.js'), 'entriesOf' | 'groupNames' | 'isContentAddressed'>
   *   & Pick<typeof import('./download.js'), 'attemptsFor'>} parts.plan
   * @param {() => Promise<StorageEstimate>} parts.estimate of the origin's storage
   */
  constructor({ manifest, groups, store, downloader, plan, estimate }) {
    this.#manifest = manifest;
    this.#groups = groups;
    this.#store = store;
    this.#download = downloader;
    this.#plan = plan;
    this.#estimate = estimate;
  }

  /**
   * Bring in all that this device needs, with the backends that the page of an older version ran on.
   *
   * @param {(progress: PrecacheProgress) => void} report
   * @throws {Error} when any file is missing in the end; what was verified stays for the next attempt
   */
  async install(report) {
    const requested = await this.#store.requestedGroups();
    await this.#oneAtATime(() => this.#fill([...this.#groups, ...requested], report));
    // The older version's note goes with its cache.
    if (requested.length) await this.#store.noteRequestedGroups(requested);
  }

  /**
   * Bring in a backend's files, or with "core" mend what the device needs. Files that are there are
   * verified, so this also repairs.
   *
   * @param {string} group
   * @param {(progress: PrecacheProgress) => void} report
   * @throws {Error} when the manifest knows no such group or a file is missing in the end
   */
  async ensure(group, report) {
    if (group === 'core') return this.#oneAtATime(() => this.#fill(this.#groups, report));
    if (!this.#plan.groupNames(this.#manifest).has(group)) {
      throw new Error(`the precache manifest has no group ${JSON.stringify(group)}`);
    }
    await this.#oneAtATime(() => this.#fill([group], report));
    await this.#store.noteRequestedGroups([group]);
  }

  /**
   * Fetch a single file past every cache and keep it.
   *
   * @param {PrecacheEntry} entry
   * @throws {Error} when the network has no right copy either
   */
  async renew(entry) {
    const attempts = this.#attempts(entry);
    const bytes = await this.#download.download(entry, attempts.slice(1));
    await this.#store.put(entry, bytes);
  }

  /**
   * What is there, going by its bytes: `ready` when all that the device needs is, and the names of the
   * whole groups.
   *
   * @returns {Promise<{ready: boolean, groups: string[], files: number, bytes: number}>}
   */
  async status() {
    const { entries } = this.#manifest;
    /** @type {boolean[]} */
    const held = [];
    // One after the other: it's in nobody's way then, and there is never more than one file in memory.
    for (const entry of entries) held.push(await this.#store.holdsVerified(entry));
    const missing = new Set(entries.flatMap((entry, i) => (held[i] ? [] : entry.groups)));
    const groups = [...this.#plan.groupNames(this.#manifest)].filter((name) => !missing.has(name));
    const present = entries.filter((_, i) => held[i]);
    return {
      ready: this.#groups.every((group) => groups.includes(group)),
      groups: groups.sort(),
      files: present.length,
      bytes: present.reduce((sum, entry) => sum + entry.size, 0),
    };
  }

  /**
   * Two pages may ask at the same moment; the second then finds the files of the first.
   *
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  #oneAtATime(work) {
    const run = this.#last.then(work);
    this.#last = run.catch(() => {});
    return run;
  }

  /**
   * @param {string[]} groups
   * @param {(progress: PrecacheProgress) => void} report
   */
  async #fill(groups, report) {
    const entries = this.#plan.entriesOf(this.#manifest, groups);
    const total = entries.reduce((sum, entry) => sum + entry.size, 0);
    await this.#requireSpace(entries);
    const count = percentSteps(total, report);
    const elsewhere = await this.#store.otherVersions();
    const queue = entries.values();
    /** @type {unknown[]} */
    const failures = [];
    let full = false;
    const lane = async () => {
      for (const entry of queue) {
        // One bad file does not keep the others from being there at the next attempt; a full disk does.
        if (full) return;
        try {
          await this.#keep(entry, elsewhere.get(entry.sha256), count);
        } catch (error) {
          full ||= error instanceof Error && error.name === 'QuotaExceededError';
          failures.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_FETCHES }, lane));
    if (failures.length) throw failures.at(-1);
    // Another version's activation, or the person, may have deleted the cache in the meantime.
    const held = await Promise.all(entries.map((entry) => this.#store.holds(entry)));
    if (!held.every(Boolean)) throw new Error('the cache was deleted while it was being filled');
  }

  /**
   * @param {PrecacheEntry} entry
   * @param {import('./store.js').Source | undefined} elsewhere
   * @param {(bytes: number) => void} count
   */
  async #keep(entry, elsewhere, count) {
    if (await this.#store.holdsVerified(entry)) {
      count(entry.size);
      return;
    }
    const copy = elsewhere && (await elsewhere());
    if (copy) {
      await this.#store.put(entry, copy);
      count(entry.size);
      return;
    }
    const bytes = await this.#download.download(entry, this.#attempts(entry), count);
    await this.#store.put(entry, bytes);
  }

  /**
   * Don't begin what cannot end: on a phone that is nearly full, half a version helps nobody.
   *
   * @param {PrecacheEntry[]} entries
   * @throws {DOMException} QuotaExceededError
   */
  async #requireSpace(entries) {
    const held = await Promise.all(entries.map((entry) => this.#store.holds(entry)));
    const needed = entries.reduce((sum, { size }, i) => sum + (held[i] ? 0 : size), 0);
    /** @type {StorageEstimate} */
    const { quota, usage = 0 } = await this.#estimate().catch(() => ({}));
    if (quota === undefined || needed <= quota - usage) return;
    const message = `${needed} bytes are needed, ${quota - usage} are free`;
    throw new DOMException(message, 'QuotaExceededError');
  }

  /** @param {PrecacheEntry} entry */
  #attempts(entry) {
    const { attemptsFor, isContentAddressed } = this.#plan;
    return attemptsFor(entry, this.#store.urlOf(entry.url), isContentAddressed(entry.url));
  }
}
