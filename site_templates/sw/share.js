/**
 * The share target: receives the form by which the system hands over photos, with or without a network.
 *
 * @typedef {{request: Request, respondWith(answer: Promise<Response>): void}} ShareEvent
 */
export class ShareTarget {
  #url;
  #home;
  #keep;
  #field;

  /**
   * @param {object} parts
   * @param {string} parts.url absolute, of the share target
   * @param {string} parts.home where the page looks for what was shared
   * @param {string} parts.field the form's field of photos
   * @param {(photos: File[]) => Promise<void>} parts.keep
   */
  constructor({ url, home, field, keep }) {
    this.#url = url;
    this.#home = home;
    this.#field = field;
    this.#keep = keep;
  }

  /** @param {ShareEvent} event */
  onFetch(event) {
    const { method, url } = event.request;
    if (method === 'POST' && url === this.#url) event.respondWith(this.#receive(event.request));
  }

  /**
   * @param {Request} request
   * @returns {Promise<Response>} leads to the page, which says so where no photo came through
   */
  async #receive(request) {
    try {
      const form = await request.formData();
      // A form without a photo has an empty one.
      const photos = form
        .getAll(this.#field)
        .filter((entry) => entry instanceof File && entry.size);
      await this.#keep(/** @type {File[]} */ (photos));
    } catch {
      // A form cut off, or a full disk: the page finds nothing and says so.
    }
    // 303: whatever came, the page is asked for with GET.
    return Response.redirect(this.#home, 303);
  }
}
