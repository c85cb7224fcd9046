/**
 * `<image-classifier>`: a button, a drop target and a list of answers for any page.
 *
 *     <script type="module" src="https://example.org/app/<hash>/image-classifier.js"></script>
 *     <image-classifier top-k="3"></image-classifier>
 *
 * The model is loaded with the first photo. Texts are slots (`prompt`, `busy`, `failed`), so that the page can
 * provide its own. Classes and numbers are written in the language of the element, else of the page (`lang`);
 * where the site lacks it, classes go by their names in the model. The style is an adopted style sheet: a
 * policy without `unsafe-inline` holds.
 *
 * Attributes: `top-k`, how many answers (5); `src`, the site's root, else that of this module.
 * Events: `classification`, with `detail` as `Classifier.classify` answers; `classificationerror`,
 * with the `ClassifierError` as `detail`. Styled from outside by `::part(button)`, `::part(answers)`.
 */
import { Classifier } from './classifier.js';

const OWN_SITE = new URL('../../', import.meta.url).href;
const TOP_K = 5;
const TEXTS = { prompt: 'Choose a photo', busy: 'Looking …', failed: 'That did not work.' };

const style = new CSSStyleSheet();
style.replaceSync(`
  :host { display: block; }
  :host([hidden]), [hidden] { display: none; }
  label { display: inline-block; padding: 0.75em 1.25em; border: 1px solid; border-radius: 2em;
    cursor: pointer; }
  label:focus-within { outline: 3px solid Highlight; outline-offset: 2px; }
  input { position: absolute; opacity: 0; width: 1px; height: 1px; }
  ol { padding: 0; list-style: none; }
  li { display: flex; justify-content: space-between; gap: 1em; }
`);

export class ImageClassifier extends HTMLElement {
  /** @type {Promise<Classifier> | undefined} */
  #classifier;
  #input = document.createElement('input');
  #answers = document.createElement('ol');
  #status = document.createElement('p');
  #newest = new AbortController();

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [style];
    this.#input.type = 'file';
    this.#input.accept = 'image/*';
    this.#input.addEventListener('change', () => this.#take(this.#input.files?.[0]));
    const label = document.createElement('label');
    label.part.add('button');
    label.append(slot('prompt'), this.#input);
    this.#answers.part.add('answers');
    this.#status.setAttribute('role', 'status');
    root.append(label, this.#status, this.#answers);
    this.addEventListener('dragover', (event) => event.preventDefault());
    this.addEventListener('drop', (event) => this.#drop(event));
  }

  /** Free the model; the next photo loads it anew. */
  async disconnectedCallback() {
    const classifier = this.#classifier;
    this.#classifier = undefined;
    this.#newest.abort();
    await classifier?.then((loaded) => loaded.dispose()).catch(() => {});
  }

  /**
   * Say what a photo shows, and list it. A newer photo makes the older one's answer void.
   *
   * @param {import('./classifier.js').Source} photo
   * @returns {Promise<import('./classifier/types.js').Classification>}
   * @throws {import('./classifier.js').ClassifierError} as `Classifier.load` and `classify`
   */
  async classify(photo) {
    this.#newest.abort();
    const { signal } = (this.#newest = new AbortController());
    this.#status.replaceChildren(slot('busy'));
    try {
      const classifier = await this.#load();
      const answer = await classifier.classify(photo, {
        topK: this.#topK,
        language: this.#language,
        signal,
      });
      if (!signal.aborted) this.#show(answer);
      return answer;
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
      throw error;
    }
  }

  get #topK() {
    const asked = Number(this.getAttribute('top-k') ?? TOP_K);
    return Number.isInteger(asked) && asked > 0 ? asked : TOP_K;
  }

  /** Its BCP 47 tag; undefined where there is none, or none that is valid ("en_US"). */
  get #language() {
    try {
      const [tag] = Intl.getCanonicalLocales(this.closest('[lang]')?.getAttribute('lang') ?? []);
      return tag;
    } catch {
      return undefined;
    }
  }

  /** Load the model once; a failed load is forgotten, so that the next photo tries again. */
  #load() {
    const site = this.getAttribute('src') ?? OWN_SITE;
    this.#classifier ??= Classifier.load(new URL(site, document.baseURI)).catch((error) => {
      this.#classifier = undefined;
      throw error;
    });
    return this.#classifier;
  }

  /** @param {File | undefined} photo from the person, who sees the result */
  #take(photo) {
    this.#input.value = '';
    if (photo !== undefined) this.classify(photo).catch(() => {});
  }

  /** @param {DragEvent} event */
  #drop(event) {
    event.preventDefault();
    this.#take(event.dataTransfer?.files[0]);
  }

  /** @param {import('./classifier/types.js').Classification} answer */
  #show(answer) {
    const percent = new Intl.NumberFormat(this.#language, {
      style: 'percent',
      minimumFractionDigits: 1,
    });
    this.#status.replaceChildren();
    this.#answers.replaceChildren(
      ...answer.predictions.map(({ className, probability }) => {
        const item = document.createElement('li');
        const name = document.createElement('span');
        name.textContent = className;
        item.append(name, percent.format(probability));
        return item;
      }),
    );
    this.dispatchEvent(new CustomEvent('classification', { detail: answer, bubbles: true }));
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#answers.replaceChildren();
    this.#status.replaceChildren(slot('failed'));
    this.dispatchEvent(new CustomEvent('classificationerror', { detail: error, bubbles: true }));
  }
}

/** @param {keyof typeof TEXTS} name */
function slot(name) {
  const element = document.createElement('slot');
  element.name = name;
  element.textContent = TEXTS[name];
  return element;
}

customElements.define('image-classifier', ImageClassifier);
