"""The layers and operations that a Keras configuration may name; every other one is refused.

Each computes tensors from tensors and from plain numbers. None of them runs code of the file's,
opens another file, or starts anything. The names are those of Keras 3 and of Keras 2 (`tf_keras`).
"""

from builder.model.reading.names import names

MODELS = names("Functional Model Sequential")
"""Models: a configuration that holds layers."""

OF_KERAS_2 = names("SlicingOpLambda TFOpLambda TensorFlowOpLayer")
"""Layers that call one function of TensorFlow's by name: `allowed_functions.py` says which."""

LAYERS = names(
    """
    InputLayer Activation Dense EinsumDense Embedding Flatten Identity Masking Permute RepeatVector
    Reshape ELU LeakyReLU PReLU ReLU Softmax ThresholdedReLU

    Conv1D Conv2D Conv3D Conv1DTranspose Conv2DTranspose Conv3DTranspose
    DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D
    Convolution1D Convolution2D Convolution3D Convolution1DTranspose Convolution2DTranspose
    Convolution3DTranspose SeparableConvolution1D SeparableConvolution2D
    LocallyConnected1D LocallyConnected2D

    Add Average Concatenate Dot Maximum Minimum Multiply Subtract
    AdditiveAttention Attention GroupQueryAttention GroupedQueryAttention MultiHeadAttention

    BatchNormalization BatchNormalizationV1 BatchNormalizationV2 GroupNormalization
    LayerNormalization RMSNormalization SpectralNormalization SyncBatchNormalization
    UnitNormalization

    AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D
    AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D
    AveragePooling1D AveragePooling2D AveragePooling3D AvgPool1D AvgPool2D AvgPool3D
    MaxPooling1D MaxPooling2D MaxPooling3D MaxPool1D MaxPool2D MaxPool3D
    GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D
    GlobalAvgPool1D GlobalAvgPool2D GlobalAvgPool3D
    GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D
    GlobalMaxPool1D GlobalMaxPool2D GlobalMaxPool3D

    Cropping1D Cropping2D Cropping3D UpSampling1D UpSampling2D UpSampling3D
    ZeroPadding1D ZeroPadding2D ZeroPadding3D

    ActivityRegularization AlphaDropout Dropout GaussianDropout GaussianNoise
    SpatialDropout1D SpatialDropout2D SpatialDropout3D

    AugMix AutoContrast CenterCrop ContrastLimitedAdaptiveHistogramEqualization CutMix Equalization
    MixUp Normalization Pipeline RandAugment RandomBrightness RandomColorDegeneration
    RandomColorJitter RandomContrast RandomCrop RandomElasticTransform RandomErasing RandomFlip
    RandomGaussianBlur RandomGrayscale RandomHeight RandomHue RandomInvert RandomPerspective
    RandomPosterization RandomRotation RandomSaturation RandomSharpness RandomShear
    RandomTranslation RandomWidth RandomZoom Rescaling Resizing Solarization

    Bidirectional TimeDistributed
    ConvLSTM1D ConvLSTM2D ConvLSTM3D GRU GRUV1 GRUV2 GRUCell GRUCellV1 GRUCellV2
    LSTM LSTMV1 LSTMV2 LSTMCell LSTMCellV1 LSTMCellV2 RNN SimpleRNN SimpleRNNCell StackedRNNCells

    CustomScaleLayer LayerScale StochasticDepth
    """
)
"""Layers. The last line is of `keras.applications`: Inception-ResNet and ConvNeXt."""

OPERATIONS = names(
    """
    Abs Absolute Add All Amax Amin Any Append Arccos Arccosh Arcsin Arcsinh Arctan Arctan2 Arctanh
    Argmax Argmin Argsort Average BroadcastTo Cbrt Ceil Clip Concatenate Copy Cos Cosh CountNonzero
    Cross Cumprod Cumsum Diagonal Diff Divide DivideNoNan Dot Dstack Einsum Equal Exp Exp2
    ExpandDims Expm1 Fabs Flip Fliplr Flipud Floor FloorDivide Fmax Fmin Fmod FullLike GetItem
    Greater GreaterEqual Hstack Hypot Inner Isclose Isfinite Isinf Isnan Kron Less LessEqual Log
    Log10 Log1p Log2 Logaddexp LogicalAnd LogicalNot LogicalOr LogicalXor Matmul Max Maximum Mean
    Median Min Minimum Mod Moveaxis Multiply NanToNum Negative NotEqual OnesLike Outer Pad Power
    Prod Ravel Reciprocal Repeat Reshape Roll Rot90 Round Sign Sin Sinh Sort Split Sqrt Square
    Squeeze Stack Std Subtract Sum Swapaxes Take TakeAlongAxis Tan Tanh Tensordot Tile Transpose
    Tril Triu TrueDivide Trunc Var Vdot Vstack Where ZerosLike

    Cast ConvertToTensor Rearrange SaturateCast Slice StopGradient Unstack
    Erf Erfc Logsumexp Norm Rsqrt TopK

    AdaptiveAveragePool AdaptiveMaxPool AveragePool BatchNorm Celu Conv ConvTranspose DepthToSpace
    DepthwiseConv DotProductAttention Elu Fold Gelu Glu HardShrink HardSigmoid HardSilu HardTanh
    LayerNorm LeakyRelu LogSigmoid LogSoftmax MaxPool Mish Moments Normalize OneHot RMSNorm ReLU
    Relu Relu6 Selu SeparableConv Sigmoid Silu SoftShrink Softmax Softplus Softsign SpaceToDepth
    SparsePlus SparseSigmoid Sparsemax Squareplus TanhShrink Threshold Unfold

    CropImages ExtractPatches GaussianBlur HSVToRGB PadImages RGBToGrayscale RGBToHSV Resize
    ScaleAndTranslate SobelEdges
    """
)
"""Operations of `keras.ops` (Keras 3), as functional models have them beside layers. Those that
call a function given to them (Map, Scan, Cond, WhileLoop …) are not among them."""

OBJECTS = names(
    """
    Constant ConstantV2 GlorotNormal GlorotNormalV2 GlorotUniform GlorotUniformV2 HeNormal
    HeNormalV2 HeUniform HeUniformV2 Identity IdentityInitializer IdentityV2 LecunNormal
    LecunNormalV2 LecunUniform LecunUniformV2 Ones OnesV2 Orthogonal OrthogonalInitializer
    OrthogonalV2 RandomNormal RandomNormalV2 RandomUniform RandomUniformV2 TruncatedNormal
    TruncatedNormalV2 VarianceScaling VarianceScalingV2 Zeros ZerosV2

    L1 L1L2 L2 OrthogonalRegularizer
    MaxNorm MinMaxNorm NonNeg RadialConstraint UnitNorm

    DTypePolicy DTypePolicyMap FloatDTypePolicy Policy PolicyV1 QuantizedDTypePolicy
    QuantizedFloat8DTypePolicy SeedGenerator
    """
)
"""Initializers, regularizers, constraints, policies for number types, and generators of seeds."""

DATA = names("__ellipsis__ __keras_tensor__ __numpy__ __slice__ __tensor__ __tuple__ TensorShape")
"""Values that JSON has no form for: tensors, slices and the like, made of numbers."""

_WHY = {
    "reads": "which reads files",
    "loads": "which loads another model from a file",
    "text": "which is made for texts or tables, not for photos",
    "sound": "which is made for sound",
    "code": "which runs code that the file brings or names",
    "method": "which calls a method of TensorFlow's that the file names",
}

REASONS = {
    **dict.fromkeys(names("IndexLookup IntegerLookup StringLookup TextVectorization"), "reads"),
    **dict.fromkeys(names("DataLayer TFSMLayer"), "loads"),
    **dict.fromkeys(
        names("CategoryEncoding DenseFeatures Discretization FeatureSpace HashedCrossing Hashing"),
        "text",
    ),
    **dict.fromkeys(names("MelSpectrogram STFTSpectrogram"), "sound"),
    **dict.fromkeys(
        names("FlaxLayer JaxLayer ModuleWrapper TorchModuleWrapper Map Scan Cond"), "code"
    ),
    **dict.fromkeys(names("ClassMethod InstanceMethod InstanceProperty"), "method"),
}
"""Why some known classes are not on the list. What is not here is refused all the same."""


def reason_against(class_name: str) -> str | None:
    """Return why a known class is not allowed, as the rest of a sentence; None for others."""
    reason = REASONS.get(class_name)
    return None if reason is None else _WHY[reason]
