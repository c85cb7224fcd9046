/** How alike photos look to the model. Pure. */

/**
 * The cosine of the angle between two embeddings.
 *
 * @param {Float32Array} a
 * @param {Float32Array} b of equal length
 * @returns {number} -1…1; 0 where one of them has no direction
 */
export function cosine(a, b) {
  let dot = 0;
  let squareA = 0;
  let squareB = 0;
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    squareA += a[i] * a[i];
    squareB += b[i] * b[i];
  }
  const lengths = Math.sqrt(squareA * squareB);
  return lengths > 0 ? dot / lengths : 0;
}

/**
 * @template T
 * @param {Float32Array} embedding
 * @param {readonly {item: T, embedding: Float32Array | null}[]} others of other lengths are left out
 * @param {number} most
 * @returns {{item: T, similarity: number}[]} the most similar first
 */
export function mostSimilar(embedding, others, most) {
  return others
    .flatMap(({ item, embedding: other }) =>
      other?.length === embedding.length ? [{ item, similarity: cosine(embedding, other) }] : [],
    )
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, most);
}
