// What the small runtime can compute: the operators that classifiers of images consist of.

/**
 * An operator of TensorFlow's graphs and what TensorFlow.js needs to run it.
 *
 * @typedef {object} Operator
 * @property {string[]} functions  of tfjs-core, as its converter calls them
 * @property {string[]} kernels  of the backends, as these functions and other kernels ask for them
 */

/** @type {Record<string, Operator>} */
export const OPERATORS = {
  Placeholder: { functions: [], kernels: [] },
  Const: { functions: [], kernels: [] },
  Identity: { functions: ['clone'], kernels: ['Identity'] },
  Add: { functions: ['add'], kernels: ['Add', 'Cast'] },
  AddV2: { functions: ['add'], kernels: ['Add', 'Cast'] },
  BiasAdd: { functions: ['add'], kernels: ['Add', 'Cast'] },
  Sub: { functions: ['sub'], kernels: ['Sub', 'Cast'] },
  Mul: { functions: ['mul'], kernels: ['Multiply', 'Cast'] },
  RealDiv: { functions: ['div'], kernels: ['RealDiv', 'FloorDiv', 'Cast'] },
  Relu: { functions: ['relu'], kernels: ['Relu'] },
  Relu6: { functions: ['relu6'], kernels: ['Relu6'] },
  Sigmoid: { functions: ['sigmoid'], kernels: ['Sigmoid'] },
  Conv2D: { functions: ['conv2d'], kernels: ['Conv2D'] },
  _FusedConv2D: { functions: ['fused'], kernels: ['FusedConv2D'] },
  DepthwiseConv2dNative: {
    functions: ['depthwiseConv2d'],
    kernels: ['DepthwiseConv2dNative'],
  },
  FusedDepthwiseConv2dNative: { functions: ['fused'], kernels: ['FusedDepthwiseConv2D'] },
  FusedBatchNormV3: { functions: ['batchNorm'], kernels: ['FusedBatchNorm'] },
  AvgPool: { functions: ['avgPool'], kernels: ['AvgPool', 'Cast'] },
  MaxPool: { functions: ['maxPool'], kernels: ['MaxPool'] },
  MatMul: { functions: ['matMul'], kernels: ['BatchMatMul'] },
  _FusedMatMul: { functions: ['fused'], kernels: ['_FusedMatMul'] },
  Mean: { functions: ['mean'], kernels: ['Mean', 'Transpose'] },
  Max: { functions: ['max'], kernels: ['Max', 'Transpose'] },
  Softmax: { functions: ['softmax'], kernels: ['Softmax'] },
  Reshape: { functions: ['reshape'], kernels: ['Reshape'] },
  Squeeze: { functions: ['squeeze'], kernels: ['Reshape'] },
  ExpandDims: { functions: ['expandDims'], kernels: ['ExpandDims'] },
  Pad: { functions: ['pad'], kernels: ['PadV2'] },
  PadV2: { functions: ['pad'], kernels: ['PadV2'] },
  ConcatV2: { functions: ['concat'], kernels: ['Concat', 'Identity'] },
};
