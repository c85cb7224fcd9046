/**
 * A graph of one operator for each that the lean runtime promises, and a way to run it.
 *
 * @typedef {object} Example
 * @property {(number[] | {ints: number[]})[]} inputs shape of each input, or the values of an int32 vector
 * @property {Record<string, object>} [attributes] as in a graph model's JSON
 */

const text = (word) => ({ s: btoa(word) });
const texts = (...words) => ({ list: { s: words.map(btoa) } });
const ints = (...numbers) => ({ list: { i: numbers.map(String) } });
const FLOAT = { type: 'DT_FLOAT' };
const IMAGE = [1, 4, 4, 2];
const WINDOW = {
  strides: ints(1, 1, 1, 1),
  dilations: ints(1, 1, 1, 1),
  padding: text('SAME'),
  data_format: text('NHWC'),
};
const POOL = { ...WINDOW, ksize: ints(1, 2, 2, 1) };
const REDUCTION = { keep_dims: { b: false } };
const binary = { inputs: [IMAGE, [2]] };
const unary = { inputs: [IMAGE] };
const fused = (activation) => ({
  fused_ops: texts('BiasAdd', activation),
  num_args: { i: '1' },
});
const conv = { inputs: [IMAGE, [3, 3, 2, 3]], attributes: WINDOW };
const depthwise = { inputs: [IMAGE, [3, 3, 2, 1]], attributes: WINDOW };
const PRODUCT = { transpose_a: { b: false }, transpose_b: { b: false } };

/** @type {Record<string, Example>} */
export const EXAMPLES = {
  Identity: unary,
  Add: binary,
  AddV2: binary,
  BiasAdd: binary,
  Sub: binary,
  Mul: binary,
  RealDiv: binary,
  Relu: unary,
  Relu6: unary,
  Sigmoid: unary,
  Conv2D: conv,
  _FusedConv2D: {
    inputs: [...conv.inputs, [3]],
    attributes: { ...WINDOW, ...fused('Relu6') },
  },
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2dNative: {
    inputs: [...depthwise.inputs, [2]],
    attributes: { ...WINDOW, ...fused('Relu') },
  },
  FusedBatchNormV3: {
    inputs: [IMAGE, [2], [2], [2], [2]],
    attributes: { epsilon: { f: 0.001 }, data_format: text('NHWC') },
  },
  AvgPool: { inputs: [IMAGE], attributes: POOL },
  MaxPool: { inputs: [IMAGE], attributes: POOL },
  MatMul: {
    inputs: [
      [2, 3],
      [3, 4],
    ],
    attributes: PRODUCT,
  },
  _FusedMatMul: {
    inputs: [[2, 3], [3, 4], [4]],
    attributes: { ...PRODUCT, ...fused('Relu') },
  },
  Mean: { inputs: [IMAGE, { ints: [1, 2] }], attributes: REDUCTION },
  Max: { inputs: [IMAGE, { ints: [1, 2] }], attributes: REDUCTION },
  Softmax: { inputs: [[2, 5]] },
  Reshape: { inputs: [IMAGE, { ints: [2, 16] }] },
  Squeeze: { inputs: [IMAGE], attributes: { squeeze_dims: ints(0) } },
  ExpandDims: { inputs: [IMAGE, { ints: [0] }] },
  Pad: { inputs: [[2, 3], { ints: [1, 0, 0, 2], shape: [2, 2] }] },
  PadV2: { inputs: [[2, 3], { ints: [1, 0, 0, 2], shape: [2, 2] }, []] },
  ConcatV2: { inputs: [IMAGE, IMAGE, { ints: [3] }], attributes: { N: { i: '2' } } },
};

/** Numbers of both signs, the same ones each time; none is near zero, by which some divide. */
const values = (length) => Float32Array.from({ length }, (_, i) => ((i * 7) % 11) - 5.5);

/** @param {Example['inputs'][number]} input */
function constant(input) {
  if (!Array.isArray(input)) {
    // The converter takes axes of a single number as scalars.
    const shape = input.shape ?? (input.ints.length === 1 ? [] : [input.ints.length]);
    return { dtype: 'int32', shape, data: Int32Array.from(input.ints) };
  }
  return { dtype: 'float32', shape: input, data: values(input.reduce((a, b) => a * b, 1)) };
}

/**
 * Run each operator by itself.
 *
 * @param {any} tf the runtime with a backend
 * @returns {Promise<Record<string, {shape: number[], data: number[]}>>}
 */
export async function runAll(tf) {
  const answers = {};
  for (const [op, { inputs, attributes = {} }] of Object.entries(EXAMPLES)) {
    const [image, ...others] = inputs.map(constant);
    // A variance is not negative.
    const weights = others.map(({ data, ...other }, i) => ({
      name: `w${i}`,
      ...other,
      data: data.map(Math.abs),
    }));
    const model = await tf.loadGraphModel({
      load: async () => ({
        modelTopology: {
          versions: { producer: 1 },
          node: [
            { name: 'x', op: 'Placeholder', attr: { dtype: FLOAT } },
            ...weights.map(({ name }) => ({ name, op: 'Const', attr: {} })),
            { name: 'y', op, input: ['x', ...weights.map(({ name }) => name)], attr: attributes },
          ],
        },
        weightSpecs: weights.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
        weightData: await new Blob(weights.map(({ data }) => data)).arrayBuffer(),
      }),
    });
    try {
      const result = model.execute(tf.tensor(image.data, image.shape), 'y');
      answers[op] = { shape: result.shape, data: Array.from(await result.data()) };
    } catch (error) {
      throw new Error(`${op}: ${error.stack}`, { cause: error });
    }
  }
  return answers;
}
