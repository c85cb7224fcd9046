"""The operators of TensorFlow that an untrusted graph may have; every other one is refused.

Those of files, queues, tables, summaries, data sets, Python, other devices and libraries are not
here: loading a SavedModel runs its initializers, and converting a graph computes what is constant
in it. Nor are operators that a later TensorFlow adds, until they have been reviewed.
"""

from builder.model.reading.names import names

COMPUTING = names(
    """
    Abs Acos Acosh Add AddN AddV2 Angle ApproximateEqual ArgMax ArgMin Asin Asinh Atan Atan2 Atanh
    BatchMatMul BatchMatMulV2 BatchMatMulV3 Bincount Bucketize Cast Ceil ClipByValue Complex
    ComplexAbs Conj Cos Cosh Cross Cumprod Cumsum CumulativeLogsumexp DenseBincount Digamma Div
    DivNoNan Equal Erf Erfc Erfinv EuclideanNorm Exp Expm1 Floor FloorDiv FloorMod Greater
    GreaterEqual HistogramFixedWidth Igamma Igammac Imag Inv IsFinite IsInf IsNan Less LessEqual
    Lgamma LinSpace Log Log1p LogicalAnd LogicalNot LogicalOr MatMul Max Maximum Mean Min Minimum
    Mod Mul MulNoNan Ndtri Neg NextAfter NotEqual Polygamma Pow Prod Range Real RealDiv Reciprocal
    Rint Round Rsqrt Select SelectV2 Sigmoid Sign Sin Sinh Sqrt Square SquaredDifference Sub Sum
    Tan Tanh TruncateDiv TruncateMod Xdivy Xlog1py Xlogy Zeta
    SegmentMax SegmentMean SegmentMin SegmentProd SegmentSum
    UnsortedSegmentMax UnsortedSegmentMin UnsortedSegmentProd UnsortedSegmentSum
    BitwiseAnd BitwiseOr BitwiseXor Invert LeftShift RightShift

    Any All AvgPool AvgPool3D BatchNormWithGlobalNormalization BiasAdd BiasAddV1 Conv Conv2D
    Conv2DBackpropInput Conv3D DataFormatDimMap DataFormatVecPermute DepthwiseConv2dNative
    Dilation2D Elu FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 InTopK InTopKV2 L2Loss LRN
    LeakyRelu LogSoftmax MaxPool MaxPool3D MaxPoolV2 MaxPoolWithArgmax Relu Relu6 Selu Softmax
    Softplus Softsign TopK TopKV2 Einsum
    FakeQuantWithMinMaxArgs FakeQuantWithMinMaxVars FakeQuantWithMinMaxVarsPerChannel
    QuantizeAndDequantize QuantizeAndDequantizeV2 QuantizeAndDequantizeV3 QuantizeAndDequantizeV4
    Dequantize

    BatchToSpace BatchToSpaceND Bitcast BroadcastArgs BroadcastTo CheckNumerics CheckNumericsV2
    Concat ConcatOffset ConcatV2 ConjugateTranspose DeepCopy DepthToSpace Diag DiagPart
    DynamicPartition DynamicStitch EnsureShape ExpandDims ExtractImagePatches Fill Gather GatherNd
    GatherV2 GuaranteeConst Identity IdentityN InvertPermutation ListDiff LowerBound MatrixBandPart
    MatrixDiag MatrixDiagPart MatrixDiagPartV2 MatrixDiagPartV3 MatrixDiagV2 MatrixDiagV3
    MatrixSetDiag MatrixSetDiagV2 MatrixSetDiagV3 MirrorPad OneHot OnesLike Pack Pad PadV2
    ParallelDynamicStitch PreventGradient Rank Reshape Reverse ReverseSequence ReverseV2 ScatterNd
    Shape ShapeN Size Slice Snapshot SpaceToBatch SpaceToBatchND SpaceToDepth Split SplitV Squeeze
    StopGradient StridedSlice TensorScatterAdd TensorScatterMax TensorScatterMin TensorScatterSub
    TensorScatterUpdate Tile Transpose Unique UniqueV2 UniqueWithCounts Unpack UnravelIndex
    UpperBound Where ZerosLike
    Cholesky LogMatrixDeterminant Lu MatrixDeterminant MatrixInverse MatrixSolve
    MatrixTriangularSolve Qr SelfAdjointEigV2 Svd
    FFT FFT2D IFFT IFFT2D IRFFT IRFFT2D RFFT RFFT2D

    AdjustContrastv2 AdjustHue AdjustSaturation CropAndResize DrawBoundingBoxesV2 ExtractGlimpseV2
    HSVToRGB ImageProjectiveTransformV2 ImageProjectiveTransformV3 NonMaxSuppressionV2
    NonMaxSuppressionV3 NonMaxSuppressionV4 NonMaxSuppressionV5 CombinedNonMaxSuppression RGBToHSV
    ResizeArea ResizeBicubic ResizeBilinear ResizeNearestNeighbor ScaleAndTranslate

    Multinomial RandomShuffle RandomStandardNormal RandomUniform RandomUniformInt TruncatedNormal
    StatelessMultinomial StatelessRandomGetAlg StatelessRandomGetKeyCounter
    StatelessRandomGetKeyCounterAlg StatelessRandomNormal StatelessRandomNormalV2
    StatelessRandomUniform StatelessRandomUniformFullInt StatelessRandomUniformFullIntV2
    StatelessRandomUniformInt StatelessRandomUniformIntV2 StatelessRandomUniformV2 StatelessShuffle
    StatelessTruncatedNormal StatelessTruncatedNormalV2
    """
)
"""Tensors from tensors."""

STRUCTURE = names("Assert Const NoOp Placeholder PlaceholderV2 PlaceholderWithDefault")
"""What begins a graph, does nothing, or stops it."""

CALLING = names(
    """
    Case If PartitionedCall StatefulPartitionedCall StatelessCase StatelessIf StatelessWhile While
    """
)
"""Operators that call functions of the same graph, which are looked at like the graph itself."""

CONTROL = names(
    """
    ControlTrigger Enter Exit LoopCond Merge NextIteration Switch FakeParam
    CudnnRNN CudnnRNNV2 CudnnRNNV3 CudnnRNNBackprop CudnnRNNBackpropV2 CudnnRNNBackpropV3
    EmptyTensorList TensorListConcat TensorListConcatV2 TensorListElementShape TensorListFromTensor
    TensorListGather TensorListGetItem TensorListLength TensorListPopBack TensorListPushBack
    TensorListReserve TensorListResize TensorListScatter TensorListScatterIntoExistingList
    TensorListScatterV2 TensorListSetItem TensorListSplit TensorListStack
    TensorArrayCloseV3 TensorArrayConcatV3 TensorArrayGatherV3 TensorArrayReadV3
    TensorArrayScatterV3 TensorArraySizeV3 TensorArraySplitV3 TensorArrayV3 TensorArrayWriteV3
    """
)
"""Branches, loops, the lists that loops fill, and recurrent layers as GPUs have them. Loops are
refused later, with their layer."""

VARIABLES = names(
    """
    Assign AssignAdd AssignAddVariableOp AssignSub AssignSubVariableOp AssignVariableOp
    DestroyResourceOp DisableCopyOnRead IsVariableInitialized ReadVariableOp ResourceGather
    ResourceGatherNd RngReadAndSkip RngSkip StatefulStandardNormalV2 StatefulTruncatedNormal
    StatefulUniform StatefulUniformFullInt StatefulUniformInt VarHandleOp VarIsInitializedOp
    Variable VariableShape VariableV2
    """
)
"""Variables in memory, and generators of random numbers that keep their state in one."""

OF_TENSORFLOW_JS = names("FusedDepthwiseConv2dNative Prelu _FusedConv2D _FusedMatMul")
"""Operators of TensorFlow.js's own, which `graph_def.py` splits into those of TensorFlow."""

SAVING = names(
    """
    MergeV2Checkpoints RestoreV2 SaveV2 ShardedFilename ShardedFilespec StaticRegexFullMatch
    StringJoin
    """
)
"""What writes and reads checkpoints: only in the part of a SavedModel that does so, which is taken
out before it is loaded."""

ALLOWED = COMPUTING | STRUCTURE | CALLING | CONTROL | VARIABLES | OF_TENSORFLOW_JS
"""All of them but those of saving."""
