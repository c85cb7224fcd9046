"""The functions that a Keras configuration may name, with the arguments that each may get.

`TFOpLambda` and `SlicingOpLambda` of Keras 2 call a public symbol of TensorFlow's with constants
from the file: `x / 127.5` in a notebook becomes "math.truediv" with y = 127.5. The functions here
compute tensors from tensors; whatever else TensorFlow offers by name (files, libraries, Python)
cannot be reached.
"""

from builder.model.reading.names import names

ACTIVATIONS = names(
    """
    celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh
    leaky_relu linear log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax
    softmax_v2 softplus softsign sparse_plus sparse_sigmoid sparsemax squareplus swish tanh
    tanh_shrink threshold ELU LeakyReLU PReLU ReLU Softmax
    """
)
"""Activations by name; those with capitals are layers that Keras takes as activations."""

INITIALIZERS = names(
    """
    Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity LecunNormal LecunUniform Ones
    Orthogonal RandomNormal RandomUniform TruncatedNormal VarianceScaling Zeros
    constant glorot_normal glorot_uniform he_normal he_uniform identity lecun_normal lecun_uniform
    normal one ones orthogonal random_normal random_uniform truncated_normal uniform
    variance_scaling zero zeros
    """
)
REGULARIZERS = names("L1 L1L2 L2 l1 l1_l2 l1l2 l2 orthogonal_regularizer")
CONSTRAINTS = names(
    """
    MaxNorm MinMaxNorm NonNeg RadialConstraint UnitNorm
    max_norm maxnorm min_max_norm non_neg nonneg radial_constraint unit_norm unitnorm
    """
)

_UNARY = "x"
_BINARY = "x y"
_REDUCTION = "input_tensor axis keepdims"

_TABLE: tuple[tuple[str, str], ...] = (
    (
        "__operators__.add math.add math.subtract math.multiply "
        "math.divide math.truediv math.floordiv math.floormod math.pow math.maximum math.minimum "
        "math.squared_difference math.divide_no_nan math.multiply_no_nan math.equal math.not_equal "
        "math.greater math.greater_equal math.less math.less_equal math.logical_and "
        "math.logical_or",
        _BINARY,
    ),
    (
        "math.abs math.ceil math.cos math.erf math.exp math.expm1 math.floor math.log math.log1p "
        "math.logical_not math.negative math.reciprocal math.round math.rsqrt math.sigmoid "
        "math.sign math.sin math.sqrt math.square math.tanh",
        _UNARY,
    ),
    (
        "math.reduce_max math.reduce_mean math.reduce_min math.reduce_prod math.reduce_std "
        "math.reduce_sum math.reduce_variance math.reduce_logsumexp math.reduce_euclidean_norm",
        _REDUCTION,
    ),
    ("math.add_n", "inputs"),
    ("math.l2_normalize nn.l2_normalize", "x axis epsilon dim"),
    ("math.softplus nn.relu nn.relu6 nn.elu nn.selu nn.softsign", "features"),
    ("nn.silu nn.swish", "features beta"),
    ("nn.gelu", "features approximate"),
    ("nn.leaky_relu", "features alpha"),
    ("nn.softmax nn.log_softmax", "logits axis"),
    ("compat.v1.nn.softmax compat.v1.math.softmax", "logits axis dim"),
    ("nn.bias_add compat.v1.nn.bias_add", "value bias data_format"),
    (
        "nn.avg_pool2d nn.max_pool2d nn.avg_pool nn.max_pool",
        "input ksize strides padding data_format",
    ),
    ("nn.depth_to_space nn.space_to_depth", "input block_size data_format"),
    ("linalg.matmul", "a b transpose_a transpose_b"),
    ("clip_by_value compat.v1.clip_by_value", "t clip_value_min clip_value_max"),
    ("cast", "x dtype"),
    ("concat", "values axis"),
    ("stack", "values axis"),
    ("split", "value num_or_size_splits axis num"),
    ("unstack", "value num axis"),
    ("expand_dims", "input axis"),
    ("compat.v1.expand_dims", "input axis dim"),
    ("squeeze", "input axis"),
    ("compat.v1.squeeze", "input axis squeeze_dims"),
    ("reshape compat.v1.reshape", "tensor shape"),
    ("shape compat.v1.shape", "input out_type"),
    ("transpose compat.v1.transpose", "a perm conjugate"),
    ("tile", "input multiples"),
    ("repeat", "input repeats axis"),
    ("reverse", "tensor axis"),
    ("pad compat.v1.pad", "tensor paddings mode constant_values"),
    ("slice", "input_ begin size"),
    (
        "strided_slice",
        "input_ begin end strides begin_mask end_mask ellipsis_mask new_axis_mask shrink_axis_mask",
    ),
    ("gather compat.v1.gather", "params indices axis batch_dims validate_indices"),
    ("broadcast_to", "input shape"),
    ("identity stop_gradient", "input"),
    ("where", "condition x y"),
    ("image.resize", "images size method preserve_aspect_ratio antialias"),
    (
        "compat.v1.image.resize_bilinear compat.v1.image.resize_nearest_neighbor",
        "images size align_corners half_pixel_centers",
    ),
    ("image.crop_to_bounding_box", "image offset_height offset_width target_height target_width"),
    ("image.resize_with_crop_or_pad", "image target_height target_width"),
    ("image.convert_image_dtype", "image dtype saturate"),
    ("image.extract_patches", "images sizes strides rates padding"),
    ("image.rgb_to_grayscale image.grayscale_to_rgb", "images"),
    ("image.flip_left_right image.flip_up_down image.per_image_standardization", "image"),
    ("image.adjust_brightness", "image delta"),
    ("__operators__.getitem", "tensor slice_spec var"),
)

FUNCTIONS: dict[str, frozenset[str]] = {
    name: frozenset((*arguments.split(), "name"))
    for functions, arguments in _TABLE
    for name in functions.split()
}
"""Public symbols of TensorFlow's that an operation layer may call, and their arguments."""

WORDS: dict[str, frozenset[str]] = {
    "data_format": frozenset({"NHWC", "N...C", "channels_last"}),
    "dtype": frozenset({"float32", "float64", "float16", "int32", "int64", "uint8", "bool"}),
    "out_type": frozenset({"int32", "int64"}),
    "padding": frozenset({"VALID", "SAME", "valid", "same"}),
    "mode": frozenset({"CONSTANT", "REFLECT", "SYMMETRIC", "constant", "reflect", "symmetric"}),
    "method": frozenset(
        {"area", "bicubic", "bilinear", "gaussian", "lanczos3", "lanczos5", "mitchellcubic"}
        | {"nearest"}
    ),
}
"""Arguments that are words, and which ones they may be."""

SIZES = frozenset(
    {"block_size", "ksize", "multiples", "num", "num_or_size_splits", "paddings", "repeats", "size"}
    | {"rates", "sizes", "strides", "target_height", "target_width"}
)
"""Arguments that decide how large a tensor gets."""

LARGEST_SIZE = 16_384
"""What an argument in `SIZES` may be at most."""
