"""Writes the ONNX models of this folder (onnx 1.12): python3 generate.py"""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

node = helper.make_node
random = np.random.default_rng(1)


def info(name, shape, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def tensor(array, name):
    return numpy_helper.from_array(np.asarray(array), name)


def save(name, nodes, shape, outputs, initializers=(), domains=()):
    graph = helper.make_graph(nodes, name, [info("input", shape)], outputs, initializers)
    opsets = [helper.make_opsetid("", 15)] + [helper.make_opsetid(domain, 1) for domain in domains]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, name + ".onnx")


def neighbours():
    """Distances to 40 samples row by row, the 5 nearest, and the votes of their classes."""
    samples, labels = random.normal(size=(40, 6)).astype(np.float32), random.integers(0, 2, 40).astype(np.int64)
    body = helper.make_graph(
        [node("Identity", ["x"], ["x_out"]), node("Sub", ["x", "row"], ["d"]), node("ReduceSumSquare", ["d"], ["s"], axes=[1], keepdims=0), node("Identity", ["s"], ["distance"])],
        "body", [info("x", [1, 6]), info("row", [6])], [info("x_out", [1, 6]), info("distance", [1])])
    nodes = [
        node("Scan", ["input", "samples"], ["same", "distances"], body=body, num_scan_inputs=1),
        node("Transpose", ["distances"], ["turned"], perm=[1, 0]),
        node("Sqrt", ["turned"], ["real"]),
        node("TopK", ["real", "k"], ["near", "which"], largest=0),
        node("Flatten", ["which"], ["flat"]),
        node("ArrayFeatureExtractor", ["labels", "flat"], ["classes"], domain="ai.onnx.ml"),
        node("Equal", ["classes", "one"], ["is_one"]),
        node("Cast", ["is_one"], ["votes"], to=TensorProto.FLOAT),
        node("ReduceMean", ["votes"], ["share"], axes=[1]),
        node("Concat", ["near", "share"], ["output"], axis=1),
    ]
    save("neighbours", nodes, [1, 6], [info("output", [1, 6])],
         [tensor(samples, "samples"), tensor(labels, "labels"), tensor(np.array([5], np.int64), "k"), tensor(np.array([1], np.int64), "one")], ["ai.onnx.ml"])


def scan():
    """A running sum over columns from the last to the first, weighted by a constant of the body and one from outside."""
    body = helper.make_graph(
        [node("Mul", ["element", "w"], ["weighted"]), node("Add", ["sum", "weighted"], ["next"]), node("Tanh", ["next"], ["squashed"]), node("Mul", ["squashed", "outside"], ["given"])],
        "body", [info("sum", [3]), info("element", [3])], [info("next", [3]), info("given", [3])], [tensor(random.normal(size=3).astype(np.float32), "w")])
    save("scan", [node("Scan", ["start", "input"], ["last", "all"], body=body, num_scan_inputs=1, scan_input_axes=[1], scan_input_directions=[1], scan_output_axes=[-1]),
                  node("Reshape", ["last", "column"], ["shaped"]), node("Concat", ["all", "shaped"], ["output"], axis=1)],
         [3, 7], [info("output", [3, 8])],
         [tensor(np.zeros(3, np.float32), "start"), tensor(np.array([1, 2, 3], np.float32), "outside"), tensor(np.array([3, 1], np.int64), "column")])


def loop():
    """Stops after four of ten rounds by a condition on its counter, with an If of its own."""
    def branch(name, op):
        return helper.make_graph([node(op, ["x"], [name])], name, [], [info(name, [2, 3])])
    body = helper.make_graph(
        [node("Add", ["i", "first"], ["n"]), node("Less", ["n", "four"], ["go"]), node("Cast", ["i"], ["f"], to=TensorProto.FLOAT), node("Add", ["x", "f"], ["moved"]),
         node("Less", ["i", "two"], ["early"]), node("If", ["early"], ["y"], then_branch=branch("a", "Sin"), else_branch=branch("b", "Cos")), node("Mul", ["moved", "y"], ["x_out"]),
         node("ReduceMean", ["x_out"], ["mean"], axes=[1], keepdims=0)],
        "body", [info("i", [], TensorProto.INT64), info("c", [], TensorProto.BOOL), info("x", [2, 3])], [info("go", [], TensorProto.BOOL), info("x_out", [2, 3]), info("mean", [2])],
        [tensor(np.int64(1), "first"), tensor(np.int64(4), "four"), tensor(np.int64(2), "two")])
    save("loop", [node("Loop", ["ten", "", "input"], ["last", "means"], body=body), node("Flatten", ["last"], ["flat"], axis=0), node("Flatten", ["means"], ["flat_means"], axis=0),
                  node("Concat", ["flat", "flat_means"], ["output"], axis=1)], [2, 3], [info("output", [1, 14])], [tensor(np.int64(10), "ten")])


def top():
    nodes = [node("TopK", ["input", "k"], ["values", "indices"], axis=1), node("Cast", ["indices"], ["real"], to=TensorProto.FLOAT), node("Concat", ["values", "real"], ["output"], axis=1)]
    save("top", nodes, [2, 9, 3], [info("output", [2, 6, 3])], [tensor(np.array([3], np.int64), "k")])


def masks():
    """Comparisons with constant positions, and selections by constant ones."""
    indices = np.array([[[0, -1, 2], [3, 0, 1]]], np.int64)
    nodes = [
        node("Trilu", ["input", "k"], ["upper"]),
        node("Trilu", ["input"], ["lower"], upper=0),
        node("CumSum", ["input", "axis"], ["sums"], exclusive=1),
        node("CumSum", ["input", "axis"], ["back"], reverse=1),
        node("Hardmax", ["input"], ["hard"], axis=1),
        node("Shrink", ["input"], ["shrunk"], lambd=0.75, bias=0.25),
        node("ArgMax", ["input"], ["most"], axis=2, keepdims=0),
        node("Sub", ["most", "one"], ["shifted"]),
        node("OneHot", ["shifted", "depth", "values"], ["hot"], axis=1),
        node("GatherElements", ["input", "indices"], ["picked"], axis=2),
    ]
    parts = ["upper", "lower", "sums", "back", "hard", "shrunk", "hot", "picked"]
    nodes += [node("Flatten", [part], [part + "_flat"], axis=1) for part in parts] + [node("Concat", [part + "_flat" for part in parts], ["output"], axis=1)]
    save("masks", nodes, [1, 3, 4], [info("output", [1, 6 * 12 + 4 * 3 + 6])],
         [tensor(np.int64(1), "k"), tensor(np.int64(1), "axis"), tensor(np.int64(1), "one"), tensor(np.int64(4), "depth"), tensor(np.array([-1, 2], np.float32), "values"), tensor(indices, "indices")])


def refused():
    """Rounds without end, rounds in rounds, and an end that depends on the input."""
    def body(name, nodes, initializers=()):
        return helper.make_graph(nodes, name, [info(name + "_i", [], TensorProto.INT64), info(name + "_c", [], TensorProto.BOOL), info(name + "_x", [2])],
                                 [info(name + "_go", [], TensorProto.BOOL), info(name + "_y", [2])], initializers)

    def outer(name, rounds, graph):
        save(name, [node("Loop", ["rounds", "", "input"], ["output"], body=graph)], [2], [info("output", [2])], [tensor(np.int64(rounds), "rounds")])

    sine = [node("Identity", ["a_c"], ["a_go"]), node("Sin", ["a_x"], ["a_y"])]
    outer("endless", 10 ** 9, body("a", sine))
    middle = body("b", [node("Identity", ["b_c"], ["b_go"]), node("Loop", ["many", "", "b_x"], ["b_y"], body=body("a", sine))])
    outer("rounds_in_rounds", 200, body("o", [node("Identity", ["o_c"], ["o_go"]), node("Loop", ["many", "", "o_x"], ["o_y"], body=middle)],
                                        [tensor(np.int64(200), "many")]))
    outer("open", 5, body("a", [node("ReduceSum", ["a_x"], ["total"], keepdims=0), node("Cast", ["total"], ["a_go"], to=TensorProto.BOOL), node("Sin", ["a_x"], ["a_y"])]))


if __name__ == "__main__":
    refused()
    neighbours()
    scan()
    loop()
    top()
    masks()
