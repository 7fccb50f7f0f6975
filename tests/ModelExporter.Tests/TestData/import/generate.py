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


open_dimensions()
