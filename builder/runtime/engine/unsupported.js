/** What a graph needs and the engine lacks. */
export class Unsupported extends Error {
  /**
   * @param {string} what for people: an operator, or a form of it
   * @param {string} layer the node's name
   */
  constructor(what, layer) {
    super(`The engine has no ${what} (in the layer '${layer}').`);
    this.name = 'Unsupported';
    this.what = what;
    this.layer = layer;
  }
}
