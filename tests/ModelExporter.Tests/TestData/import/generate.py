"""Writes the ONNX models of this folder that are not handed-over cases (onnx 1.12): /usr/bin/python3 generate.py"""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

node = helper.make_node


def info(name, shape, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def tensor(array, name):
    return numpy_helper.from_array(np.asarray(array), name)


def normal(*shape, seed=1):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def save(name, nodes, inputs, outputs, initializers=(), opset=15, domains=()):
    graph = helper.make_graph(nodes, name, inputs, outputs, initializers)
    opsets = [helper.make_opsetid("", opset)] + [helper.make_opsetid(domain, version) for domain, version in domains]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), name + ".onnx")


def open_dimensions():
    """Two inputs, one of which only the second output reads; a tensor in between; an operator that is not supported before it."""
    save(
        "two_inputs",
        [
            node("Gemm", ["a", "wa"], ["ha"]),
            node("Gemm", ["b", "wb"], ["hb"]),
            node("Add", ["ha", "hb"], ["h"]),
            node("Tanh", ["h"], ["t"]),
            node("Gemm", ["t", "wy"], ["z"]),
            node("Sigmoid", ["z"], ["y"]),
            node("Sigmoid", ["ha"], ["only_a"]),
        ],
        [info("a", ["N", 2]), info("b", ["N", 3])],
        [info("y", ["N", 1]), info("only_a", ["N", 4])],
        [tensor(normal(2, 4), "wa"), tensor(normal(3, 4, seed=2), "wb"), tensor(normal(4, 1, seed=3), "wy")],
    )
    save(
        "behind_unsupported",
        [node("Det", ["x"], ["d"]), node("Reshape", ["d", "row"], ["features"]), node("Gemm", ["features", "w"], ["z"]), node("Sigmoid", ["z"], ["y"])],
        [info("x", [3, 2, 2])],
        [info("y", [1, 1])],
        [tensor(np.array([1, 3], np.int64), "row"), tensor(normal(3, 1), "w")],
    )
    model = onnx.load("behind_unsupported.onnx")
    model.graph.value_info.append(info("features", [1, 3]))
    onnx.save(model, "behind_unsupported.onnx")

    # The sequence comes first: its length is no batch, whatever the order.
    gru = [tensor(normal(1, 12, 3), "w"), tensor(normal(1, 12, 4, seed=2), "r"), tensor(normal(4, 1, seed=3), "wy")]
    save(
        "time_first",
        [node("GRU", ["x", "w", "r"], ["", "h"], hidden_size=4), node("Squeeze", ["h", "axis"], ["s"]), node("Gemm", ["s", "wy"], ["z"]), node("Sigmoid", ["z"], ["y"])],
        [info("x", ["steps", "batch", 3])],
        [info("y", ["batch", 1])],
        [*gru, tensor(np.array([0], np.int64), "axis")],
    )
    save(
        "unnamed_time",
        [node("Transpose", ["x"], ["t"], perm=[1, 0, 2]), node("GRU", ["t", "w", "r"], ["", "h"], hidden_size=4), node("Squeeze", ["h", "axis"], ["s"]), node("Gemm", ["s", "wy"], ["z"]), node("Sigmoid", ["z"], ["y"])],
        [info("x", [None, None, 3])],
        [info("y", [None, 1])],
        [*gru, tensor(np.array([0], np.int64), "axis")],
    )

    # Each row is a share of the whole batch.
    save("rows_depend", [node("Softmax", ["x"], ["y"], axis=0)], [info("x", [4, 3])], [info("y", [4, 3])])

    # The last state over the length of the sequence: frames alone do not tell it.
    save(
        "computes_with_length",
        [
            node("Shape", ["x"], ["shape"]),
            node("Gather", ["shape", "zero"], ["length"]),
            node("Cast", ["length"], ["steps"], to=TensorProto.FLOAT),
            node("GRU", ["x", "w", "r"], ["", "h"], hidden_size=4),
            node("Squeeze", ["h", "axis"], ["s"]),
            node("Div", ["s", "steps"], ["y"]),
        ],
        [info("x", ["steps", "batch", 3])],
        [info("y", ["batch", 4])],
        [*gru[:2], tensor(np.array([0], np.int64), "axis"), tensor(np.array(0, np.int64), "zero")],
    )


def einsum():
    """One model for each way in which an equation is computed."""
    cases = {
        "matmul": ("bij,bjk->bik", [1, 3, 4], [("v", [1, 4, 2])]),
        "attention": ("bhqd,bhkd->bhqk", [1, 2, 3, 4], ["x"]),
        "constant_left": ("oi,bti->bto", [1, 3, 4], None),
        "outer": ("bi,bj->bij", [1, 4], ["x"]),
        "dot": ("bi,bi->b", [1, 4], ["x"]),
        "elementwise": ("bij,j->bij", [1, 3, 4], [("v", [4])]),
        "permutation": ("bij->bji", [1, 3, 4], []),
        "sum": ("bij->bj", [1, 3, 4], []),
        "trace": ("bii->b", [1, 3, 3], []),
        "diagonal": ("bii->bi", [1, 3, 3], []),
        "implicit": ("ba,ac", [1, 4], [("v", [4, 3])]),
        "ellipsis": ("...ij,...jk->...ik", [1, 2, 3, 4], [("v", [1, 2, 4, 2])]),
        "three": ("bi,ij,jk->bk", [1, 4], [("v", [4, 3]), ("w", [3, 2])]),
        "summed_alone": ("bi,jk->bj", [1, 4], [("v", [3, 2])]),
        "transposed_out": ("bij,bkj->kbi", [1, 3, 4], [("v", [1, 2, 4])]),
        "ones": ("bij,bjk->bik", [1, 3, 1], [("v", [1, 1, 2])]),
    }
    for name, (equation, shape, others) in cases.items():
        if others is None:
            inputs, constants = ["v", "x"], [tensor(normal(2, 4), "v")]
        else:
            inputs = ["x"] + [other if isinstance(other, str) else other[0] for other in others]
            constants = [tensor(normal(*other[1], seed=i), other[0]) for i, other in enumerate(others) if not isinstance(other, str)]
        save("einsum_" + name, [node("Einsum", inputs, ["y"], equation=equation)], [info("x", shape)], [info("y", None)], constants)


def fused():
    """FusedConv as ONNX Runtime's optimizer writes it: each activation, and a tensor that is added before it."""
    cases = {"sigmoid": ("Sigmoid", []), "tanh": ("Tanh", []), "leaky": ("LeakyRelu", [0.2]), "clip": ("Clip", [-0.5, 0.75]), "hard": ("HardSigmoid", [0.3, 0.4])}
    weights = [tensor(normal(3, 2, 3, 3), "w"), tensor(normal(3), "b")]
    for name, (activation, values) in cases.items():
        parameters = {"activation_params": values} if values else {}
        save(
            "fusedconv_" + name,
            [node("FusedConv", ["x", "w", "b"], ["y"], domain="com.microsoft", activation=activation, pads=[1, 1, 1, 1], **parameters)],
            [info("x", [1, 2, 5, 5])], [info("y", None)], weights, domains=[("com.microsoft", 1)])
    save(
        "fusedconv_sum",
        [node("Conv", ["x", "w1"], ["z"]), node("FusedConv", ["x", "w", "b", "z"], ["y"], domain="com.microsoft", activation="Relu", pads=[1, 1, 1, 1])],
        [info("x", [1, 2, 5, 5])], [info("y", None)], [*weights, tensor(normal(3, 2, 1, 1, seed=5), "w1")], domains=[("com.microsoft", 1)])


def sparse():
    """Places as indices along each axis, in an initialiser and in a Constant."""
    values = helper.make_tensor("w", TensorProto.FLOAT, [3], [1.5, -2.0, 0.5])
    places = helper.make_tensor("places", TensorProto.INT64, [3, 2], [0, 1, 2, 0, 3, 1])
    initializer = helper.make_sparse_tensor(values, places, [4, 2])
    graph = helper.make_graph([node("MatMul", ["x", "w"], ["y"])], "g", [info("x", [1, 4])], [info("y", [1, 2])], sparse_initializer=[initializer])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8), "sparse_indices.onnx")
    for name, place, dims in [("huge_sparse", 1, [1 << 15, 1 << 15]), ("outside_sparse", 9, [4, 2])]:
        far = helper.make_sparse_tensor(helper.make_tensor("v", TensorProto.FLOAT, [1], [3.0]), helper.make_tensor("p", TensorProto.INT64, [1], [place]), dims)
        save(name, [node("Constant", [], ["w"], sparse_value=far), node("MatMul", ["x", "w"], ["y"])], [info("x", [1, dims[0]])], [info("y", [1, dims[1]])])
    flat = helper.make_sparse_tensor(helper.make_tensor("v", TensorProto.FLOAT, [2], [3.0, -1.0]), helper.make_tensor("p", TensorProto.INT64, [2], [1, 6]), [4, 2])
    save("sparse_constant", [node("Constant", [], ["w"], sparse_value=flat), node("MatMul", ["x", "w"], ["y"])], [info("x", [1, 4])], [info("y", [1, 2])])


def trees_v5():
    """Every aggregate and comparison, a set, missing values, a leaf that two nodes share."""
    for name, aggregate, modes, transform in [("mean", 0, [0, 1, 2], 0), ("min", 2, [3, 4, 5], 0), ("max", 3, [6, 0, 6], 0), ("transform1", 1, [0, 3, 1], 1), ("transform2", 1, [2, 0, 3], 2), ("softmax_zero", 1, [2, 0, 3], 3)]:
        sets = [1.0, 0.0, np.nan, -1.0, 1.0] if 6 in modes else None
        parameters = {"membership_values": tensor(np.array(sets, np.float32), "m")} if sets else {}
        save(
            "trees_v5_" + name,
            [node(
                "TreeEnsemble", ["x"], ["y"], domain="ai.onnx.ml", aggregate_function=aggregate, post_transform=transform, n_targets=2,
                nodes_featureids=[0, 1, 2], nodes_modes=tensor(np.array(modes, np.uint8), "modes"), nodes_splits=tensor(np.array([0.25, -0.5, 0.75], np.float32), "splits"),
                nodes_truenodeids=[1, 0, 1], nodes_trueleafs=[0, 1, 1], nodes_falsenodeids=[2, 2, 3], nodes_falseleafs=[1, 1, 1], tree_roots=[0, 2],
                leaf_targetids=[0, 1, 0, 1], leaf_weights=tensor(np.array([1.5, -2.25, 3.0, 0.5], np.float32), "weights"),
                nodes_missing_value_tracks_true=[0, 1, 1], **parameters)],
            [info("x", [1, 3])], [info("y", [1, 2])], domains=[("ai.onnx.ml", 5)])


def not_finite():
    """NaN and infinities where they break a model, and where they have a meaning."""

    def spoilt(array, value):
        array.flat[1] = value
        return array

    x, y = [info("x", [1, 4])], [info("y", None)]
    save("bad_gemm", [node("Gemm", ["x", "weights"], ["y"])], x, y, [tensor(spoilt(normal(4, 2), np.nan), "weights")])
    save("bad_bias", [node("Gemm", ["x", "weights", "bias"], ["y"])], x, y, [tensor(normal(4, 2), "weights"), tensor(spoilt(normal(2), np.inf), "bias")])
    save("bad_add", [node("Add", ["x", "shift"], ["y"])], x, y, [tensor(spoilt(normal(4), np.nan), "shift")])
    save("bad_scale", [node("Mul", ["x", "scale"], ["y"])], x, y, [tensor(spoilt(normal(4), np.inf), "scale")])
    save("bad_double", [node("Cast", ["x"], ["d"], to=TensorProto.DOUBLE), node("MatMul", ["d", "weights"], ["y"])], x, [info("y", None, TensorProto.DOUBLE)], [tensor(spoilt(normal(4, 2).astype(np.float64), 1e300), "weights")])
    conv = [tensor(spoilt(normal(2, 1, 3, 3), np.nan), "weights")]
    save("bad_conv", [node("Conv", ["x", "weights"], ["y"])], [info("x", [1, 1, 5, 5])], y, conv)
    moments = [tensor(normal(4), "gamma"), tensor(normal(4), "beta"), tensor(spoilt(normal(4), np.nan), "mean"), tensor(np.ones(4, np.float32), "var")]
    save("bad_norm", [node("BatchNormalization", ["x", "gamma", "beta", "mean", "var"], ["y"])], x, y, moments)
    mask = tensor(np.array([[0, -np.inf, 0, 0]], np.float32), "mask")
    save("finite_mask", [node("Add", ["x", "mask"], ["m"]), node("Softmax", ["m"], ["y"])], x, y, [mask])
    save("finite_clip", [node("Clip", ["x", "low", "high"], ["y"])], x, y, [tensor(np.array(-np.inf, np.float32), "low"), tensor(np.array(0.5, np.float32), "high")])
    picked = [tensor(np.array([0.5], np.float32), "half"), tensor(np.array([-np.inf], np.float32), "low")]
    save("finite_where", [node("Greater", ["x", "half"], ["c"]), node("Where", ["c", "low", "x"], ["w"]), node("Softmax", ["w"], ["y"])], x, y, picked)
    save("finite_pad", [node("Pad", ["x", "pads", "low"], ["p"]), node("Softmax", ["p"], ["y"])], x, y, [tensor(np.array([0, 0, 0, 1], np.int64), "pads"), tensor(np.array(-np.inf, np.float32), "low")])


def meanings():
    """Tails that say what an output means, and some that do not."""
    x = [info("x", [1, 4])]
    one, three = tensor(normal(4, 1), "w1"), tensor(normal(4, 3, seed=2), "w3")
    bounds = [tensor(np.array(1e-7, np.float32), "low"), tensor(np.array(1 - 1e-7, np.float32), "high"), tensor(np.array(0.6, np.float32), "middle")]
    y, label = info("y", None), info("label", None, TensorProto.INT64)
    sigmoid = [node("Gemm", ["x", "w1"], ["z"]), node("Sigmoid", ["z"], ["p"])]
    sigmoids = [node("Gemm", ["x", "w3"], ["z"]), node("Sigmoid", ["z"], ["p"])]
    softmax = [node("Gemm", ["x", "w3"], ["z"]), node("Softmax", ["z"], ["y"], axis=-1)]
    name = [node("Identity", ["p"], ["y"])]
    save("mean_clip", [*sigmoid, node("Clip", ["p", "low", "high"], ["y"])], x, [y], [one, *bounds[:2]])
    save("mean_clip_shifts", [*sigmoid, node("Clip", ["p", "middle", "high"], ["y"])], x, [y], [one, *bounds[1:]])
    save("mean_min_max", [*sigmoid, node("Max", ["p", "low"], ["m"]), node("Min", ["m", "high"], ["y"])], x, [y], [one, *bounds[:2]])
    save("mean_sigmoids", [*sigmoids, *name], x, [y], [three])
    save("mean_one_vs_rest", [*sigmoids, node("ReduceSum", ["p", "last"], ["s"]), node("Div", ["p", "s"], ["y"])], x, [y], [three, tensor(np.array([1], np.int64), "last")])
    save("mean_two_heads", [*sigmoid, node("Gemm", ["x", "v1"], ["z2"]), node("Sigmoid", ["z2"], ["p2"]), node("Concat", ["p", "p2"], ["y"], axis=1)], x, [y], [one, tensor(normal(4, 1, seed=4), "v1")])
    argmax = node("ArgMax", ["y"], ["index"], axis=1, keepdims=0)
    save("mean_sigmoids_label", [*sigmoids, *name, argmax, node("Identity", ["index"], ["label"])], x, [label, y], [three])
    save("mean_scores_label", [node("Gemm", ["x", "w3"], ["y"]), argmax, node("Identity", ["index"], ["label"])], x, [label, y], [three])
    save("mean_distances_label", [node("Gemm", ["x", "w3"], ["y"]), node("ArgMin", ["y"], ["label"], axis=1, keepdims=0)], x, [label, y], [three])
    extract = node("ArrayFeatureExtractor", ["classes", "index"], ["label"], domain="ai.onnx.ml")
    save("mean_numbered", [*softmax, argmax, extract], x, [label, y], [three, tensor(np.array([3, 7, 9], np.int64), "classes")], domains=[("ai.onnx.ml", 2)])
    encode = node("LabelEncoder", ["index"], ["label"], domain="ai.onnx.ml", keys_int64s=[2, 0, 1], values_strings=["two", "nought", "one"], default_string="?")
    save("mean_encoded", [*softmax, argmax, encode], x, [info("label", None, TensorProto.STRING), y], [three], domains=[("ai.onnx.ml", 2)])

    # As ML.NET writes a binary classifier that is not calibrated, and a clustering.
    outputs = [info("PredictedLabel.output", [1, 1], TensorProto.BOOL), info("Score.output", [1, 1])]
    tail = [node("Identity", ["label"], ["PredictedLabel.output"]), node("Identity", ["score"], ["Score.output"])]
    binarized = [node("Binarizer", ["score"], ["b"], domain="ai.onnx.ml", threshold=0.25), node("Cast", ["b"], ["label"], to=TensorProto.BOOL)]
    save("mean_mlnet_margin", [node("Gemm", ["x", "w1"], ["score"]), *binarized, *tail], x, outputs, [one], domains=[("ai.onnx.ml", 2)])

    odd = [node("Binarizer", ["score"], ["b"], domain="ai.onnx.ml", threshold=0.25, unheard_of=1), node("Cast", ["b"], ["label"], to=TensorProto.BOOL)]
    save("mean_mlnet_odd_label", [node("Gemm", ["x", "w1"], ["score"]), *odd, *tail], x, outputs, [one], domains=[("ai.onnx.ml", 2)])


def boosted():
    """Tree classifiers as LightGBM, XGBoost and CatBoost are converted: which class the leaves name, weights of one sign or two, base values."""

    def trees(name, ids, classes, transform, sign=0, base=None, mode="BRANCH_LEQ", texts=False, each=1, zipmap=None):
        random = np.random.default_rng(7)
        lists = {key: [] for key in ["treeids", "nodeids", "featureids", "modes", "values", "truenodeids", "falsenodeids"]}
        leaves = {key: [] for key in ["treeids", "nodeids", "ids", "weights"]}
        for tree in range(4 * each):
            for i in range(7):
                inner = i < 3
                for key, value in zip(lists, [tree, i, int(random.integers(4)) if inner else 0, mode if inner else "LEAF", float(np.float32(random.normal())) if inner else 0.0, 2 * i + 1 if inner else 0, 2 * i + 2 if inner else 0]):
                    lists[key].append(value)
                if not inner:
                    weight = float(np.float32(random.normal() * 0.4))
                    named = [(ids[tree % len(ids)], abs(weight) * sign if sign else weight)] if zipmap is None else zipmap(weight)
                    for label, share in named:
                        for key, value in zip(leaves, [tree, i, label, share]):
                            leaves[key].append(value)
        attributes = {"nodes_" + key: value for key, value in lists.items()} | {"class_" + key: value for key, value in leaves.items()}
        attributes["classlabels_strings" if texts else "classlabels_int64s"] = [f"c{i}" for i in range(classes)] if texts else list(range(classes))
        if base:
            attributes["base_values"] = base
        if zipmap is not None:
            attributes["nodes_missing_value_tracks_true"] = [i % 2 for i in range(len(lists["treeids"]))]
        nodes = [node("TreeEnsembleClassifier", ["x"], ["label", "probabilities"], domain="ai.onnx.ml", post_transform=transform, **attributes)]
        kind = TensorProto.STRING if texts else TensorProto.INT64
        save("boosted_" + name, nodes, [info("x", [1, 4])], [info("label", [1], kind), info("probabilities", [1, classes])], domains=[("ai.onnx.ml", 1)])
        if name.startswith("catboost"):
            # A sequence of maps from classes to probabilities, beside the tensor that holds these.
            model = onnx.load("boosted_" + name + ".onnx")
            labels = {key: attributes[key] for key in attributes if key.startswith("classlabels")}
            model.graph.node.append(node("ZipMap", ["probabilities"], ["maps"], domain="ai.onnx.ml", **labels))
            del model.graph.output[1]
            maps = model.graph.output.add(name="maps").type.sequence_type.elem_type.map_type
            maps.key_type = kind
            maps.value_type.tensor_type.elem_type = TensorProto.FLOAT
            onnx.save(model, "boosted_" + name + "_zipmap.onnx")

    trees("lightgbm", [0], 2, "LOGISTIC")
    trees("lightgbm_texts", [0], 2, "LOGISTIC", texts=True)
    trees("lightgbm_three", [0, 1, 2], 3, "SOFTMAX", each=3)
    trees("xgboost", [0], 2, "LOGISTIC", base=[0.3], mode="BRANCH_LT")
    trees("xgboost_id1", [1], 2, "LOGISTIC", base=[-0.4], mode="BRANCH_LT")
    trees("xgboost_three", [0, 1, 2], 3, "SOFTMAX", base=[0.5, 0.2, -0.1], mode="BRANCH_LT", each=3)
    trees("id1", [1], 2, "LOGISTIC", mode="BRANCH_GT")
    both = lambda weight: [(0, -weight), (1, weight)]
    trees("catboost", [0], 2, "LOGISTIC", mode="BRANCH_GT", zipmap=both)
    trees("catboost_bias", [0], 2, "LOGISTIC", mode="BRANCH_GT", zipmap=both, base=[-0.3, 0.3], texts=True)
    trees("catboost_three", [0], 3, "SOFTMAX", mode="BRANCH_GT", zipmap=lambda weight: [(0, weight), (1, -weight), (2, weight / 2)], base=[0.1, 0.2, -0.3])
    trees("negative", [0], 2, "LOGISTIC", sign=-1)
    trees("positive", [0], 2, "LOGISTIC", sign=1)
    trees("margins", [0], 2, "NONE")
    trees("both_classes", [0, 1], 2, "SOFTMAX", each=2)
    trees("each_logistic", [0, 1, 2], 3, "LOGISTIC", each=3)


def several():
    """Outputs of several results, and one result whose classes are not along the last axis."""
    steps, x, y = [info("x", [1, 5, 4])], [info("x", [1, 4])], info("y", None)
    three = tensor(normal(4, 3, seed=2), "w3")
    save("one_softmax", [node("Gemm", ["x", "w3"], ["z"]), node("Softmax", ["z"], ["y"], axis=-1)], x, [y], [three])
    reshape = [node("Reshape", ["x", "rows"], ["r"]), node("Gemm", ["r", "w3"], ["z"]), node("Softmax", ["z"], ["y"], axis=-1)]
    save("frozen_reshape_8", reshape, [info("x", [8, 4])], [info("y", [8, 3])], [three, tensor(np.array([8, -1], np.int64), "rows")])
    added = [node("Add", ["x", "alike"], ["a"]), node("Gemm", ["a", "w3"], ["z"]), node("Softmax", ["z"], ["y"], axis=-1)]
    save("frozen_add_8", added, [info("x", [8, 4])], [info("y", [8, 3])], [three, tensor(np.tile(np.array([1, 2, 3, 4], np.float32), (8, 1)), "alike")])
    save("several_steps", [node("MatMul", ["x", "w3"], ["z"]), node("Softmax", ["z"], ["y"], axis=-1)], steps, [y], [three])
    save("several_step_logits", [node("MatMul", ["x", "w3"], ["y"])], steps, [y], [three])
    save("several_step_logarithms", [node("MatMul", ["x", "w3"], ["z"]), node("LogSoftmax", ["z"], ["y"], axis=-1)], steps, [y], [three])
    kernel = tensor(normal(3, 1, 3, 3), "k")
    save("several_pixels", [node("Conv", ["x", "k"], ["z"]), node("Softmax", ["z"], ["y"], axis=1)], [info("x", [1, 1, 4, 4])], [y], [kernel])
    column = [node("Gemm", ["x", "w3"], ["z"]), node("Unsqueeze", ["z", "last"], ["y"])]
    save("one_column", column, x, [y], [three, tensor(np.array([2], np.int64), "last")])
    save("one_logarithm", [node("Gemm", ["x", "w3"], ["z"]), node("LogSoftmax", ["z"], ["y"], axis=1)], x, [y], [three])
    save("one_label", [node("Gemm", ["x", "w3"], ["z"]), node("ArgMax", ["z"], ["y"], axis=1, keepdims=0)], x, [info("y", None, TensorProto.INT64)], [three])


def texts():
    """Class texts that are not in alphabetical order, and one text for two classes."""
    for name, texts in ("three_texts", ["emu", "cat", "dog"]), ("same_text_twice", ["a", "b", "a"]):
        classify = node("LinearClassifier", ["x"], ["label", "y"], domain="ai.onnx.ml", coefficients=normal(12).tolist(), intercepts=normal(3, seed=2).tolist(), post_transform="SOFTMAX", classlabels_strings=texts)
        save(name, [classify], [info("x", [1, 4])], [info("label", None, TensorProto.STRING), info("y", None)], domains=[("ai.onnx.ml", 2)])


texts()
several()
meanings()
boosted()
not_finite()
open_dimensions()
einsum()
fused()
sparse()
trees_v5()
