"""Writes the quantized ONNX models of this folder (onnx 1.12, torch 1.13, opset 13): python3 generate.py

Scales come from what random inputs give in float32. Weights stay within 7 bits: where a processor adds pairs of products of
8 bits in 16, ONNX Runtime saturates with wider ones, and would be no reference.
"""
import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

TYPES = {"uint8": (np.uint8, 0, 255, TensorProto.UINT8), "int8": (np.int8, -128, 127, TensorProto.INT8)}


class Model:
    """A graph under construction; every activation is (name, tensor of samples, name of the integers, scale, zero point)."""

    def __init__(self, name, kind, seed):
        self.name, self.kind = name, kind
        self.random = np.random.default_rng(seed)
        self.nodes, self.initializers, self.count = [], [], 0

    def constant(self, array, name=None):
        self.count += 1
        name = name or f"c{self.count}"
        self.initializers.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def node(self, op, inputs, **attributes):
        self.count += 1
        output = f"t{self.count}"
        self.nodes.append(helper.make_node(op, inputs, [output], name=f"n{self.count}", **attributes))
        return output

    def range(self, samples):
        dtype, low, high, _ = TYPES[self.kind]
        least, most = min(float(samples.min()), 0), max(float(samples.max()), 0)
        scale = np.float32((most - least) / 255)
        return scale, dtype(np.clip(round(low - least / scale), low, high))

    def pair(self, name, samples):
        """QuantizeLinear and DequantizeLinear."""
        scale, zero = self.range(samples)
        s, z = self.constant(scale), self.constant(zero)
        integers = self.node("QuantizeLinear", [name, s, z])
        real = self.node("DequantizeLinear", [integers, s, z])
        return (real, samples, integers, scale, s, z)

    def weights(self, shape, axis):
        real = self.random.normal(size=shape).astype(np.float32) * np.linspace(0.5, 1.5, shape[axis] if axis is not None else 1, dtype=np.float32).reshape(
            [-1 if i == axis else 1 for i in range(len(shape))])
        others = tuple(i for i in range(len(shape)) if i != axis) if axis is not None else None
        scale = (np.abs(real).max(axis=others) / 63).astype(np.float32)
        shaped = scale if axis is None else scale.reshape([-1 if i == axis else 1 for i in range(len(shape))])
        integers = np.clip(np.round(real / shaped), -63, 63).astype(np.int8)
        return integers, scale, (integers * shaped).astype(np.float32)

    def dequantized_weights(self, shape, axis):
        integers, scale, real = self.weights(shape, axis)
        zero = np.zeros_like(scale, dtype=np.int8)
        attributes = {} if axis is None else {"axis": axis}
        return self.node("DequantizeLinear", [self.constant(integers), self.constant(scale), self.constant(zero)], **attributes), scale, real

    def bias(self, units, product):
        integers = self.random.integers(-2000, 2000, units).astype(np.int32)
        product = np.asarray(product, np.float32)
        attributes = {"axis": 0} if product.ndim else {}
        name = self.node("DequantizeLinear", [self.constant(integers), self.constant(product)], **attributes)
        return name, (integers * product).astype(np.float32)

    def opsets(self):
        domains = {node.domain for node in self.nodes}
        return [helper.make_opsetid("", 13)] + [helper.make_opsetid(domain, 1) for domain in sorted(domains) if domain]

    def save(self, input_shape, input_type, output, output_type, output_shape):
        graph = helper.make_graph(
            self.nodes, self.name,
            [helper.make_tensor_value_info("input", input_type, input_shape)],
            [helper.make_tensor_value_info(output, output_type, output_shape)], self.initializers)
        model = helper.make_model(graph, opset_imports=self.opsets(), ir_version=8)
        onnx.checker.check_model(model)
        onnx.save(model, self.name + ".onnx")

    def conv(self, x, units, kernel, axis=0, groups=1, stride=1, pad=0, after=None):
        channels = x[1].shape[1]
        w, scale, real = self.dequantized_weights((units, channels // groups, kernel, kernel), axis)
        b, bias = self.bias(units, scale * x[3])
        y = self.node("Conv", [x[0], w, b], group=groups, strides=[stride] * 2, pads=[pad] * 4, kernel_shape=[kernel] * 2)
        samples = F.conv2d(x[1], torch.tensor(real), torch.tensor(np.broadcast_to(bias, units).copy()), stride, pad, 1, groups)
        return self.after(y, samples, after)

    def after(self, y, samples, after):
        if after == "Relu":
            y, samples = self.node("Relu", [y]), samples.relu()
        elif after == "Clip":
            top = np.float32(samples.max() * 0.7)
            y = self.node("Clip", [y, self.constant(np.float32(-0.25) * top), self.constant(top)])
            samples = torch.clamp(samples, float(-0.25 * top), float(top))
        return self.pair(y, samples)


def samples(shape, seed):
    return torch.tensor(np.random.default_rng(seed).uniform(-1, 1, [64] + list(shape)).astype(np.float32))


def layer(name, kind, seed, **settings):
    m = Model(name, kind, seed)
    x = m.pair("input", samples((6, 9, 9), seed))
    y = m.conv(x, **settings)
    m.save([1, 6, 9, 9], TensorProto.FLOAT, y[0], TensorProto.FLOAT, ["n"] + list(y[1].shape[1:]))


def cnn(name, kind, seed):
    m = Model(name, kind, seed)
    x = m.pair("input", samples((3, 12, 12), seed))
    a = m.conv(x, 8, 3, pad=1, after="Relu")
    p = m.pair(m.node("MaxPool", [a[0]], kernel_shape=[2, 2], strides=[2, 2]), F.max_pool2d(a[1], 2))
    d = m.conv(p, 8, 3, groups=8, pad=1, after="Clip")
    e = m.conv(d, 8, 1)
    s = m.pair(m.node("Add", [e[0], d[0]]), e[1] + d[1])
    g = m.pair(m.node("GlobalAveragePool", [s[0]]), s[1].mean((2, 3), keepdim=True))
    f = m.node("Flatten", [g[0]])
    w, scale, real = m.dequantized_weights((5, 8), 0)
    b, bias = m.bias(5, scale * g[3])
    y = m.pair(m.node("Gemm", [f, w, b], transB=1), F.linear(g[1].flatten(1), torch.tensor(real), torch.tensor(bias)))
    m.save([1, 3, 12, 12], TensorProto.FLOAT, y[0], TensorProto.FLOAT, ["n", 5])


def dense(name, kind, seed, form, after=None):
    m = Model(name, kind, seed)
    x = m.pair("input", samples((24,), seed))
    if form == "gemm":
        w, scale, real = m.dequantized_weights((24, 10), None)
        b, bias = m.bias(10, scale * x[3])
        y, out = m.node("Gemm", [x[0], w, b]), x[1] @ torch.tensor(real) + torch.tensor(bias)
    elif form == "turned":
        w, scale, real = m.dequantized_weights((10, 24), 0)
        y, out = m.node("MatMul", [x[0], m.node("Transpose", [w], perm=[1, 0])]), x[1] @ torch.tensor(real).T
    else:
        w, scale, real = m.dequantized_weights((24, 10), 1)
        bias = m.random.normal(size=10).astype(np.float32)
        y = m.node("Add", [m.node("MatMul", [x[0], w]), m.constant(bias)])
        out = x[1] @ torch.tensor(real) + torch.tensor(bias)
    y = m.after(y, out, after)
    m.save([1, 24], TensorProto.FLOAT, y[0], TensorProto.FLOAT, ["n", 10])


def binary(name, kind, seed, op):
    m = Model(name, kind, seed)
    x = m.pair("input", samples((4, 6, 6), seed))
    t = m.pair(m.node("Tanh", [x[0]]), x[1].tanh())
    y = m.pair(m.node(op, [x[0], t[0]]), x[1] + t[1] if op == "Add" else x[1] * t[1])
    m.save([1, 4, 6, 6], TensorProto.FLOAT, y[0], TensorProto.FLOAT, ["n", 4, 6, 6])


def moved(name, kind, seed):
    m = Model(name, kind, seed)
    x = m.pair("input", samples((4, 6, 6), seed))
    p = m.node("AveragePool", [x[0]], kernel_shape=[2, 2], strides=[2, 2])
    p = m.node("DequantizeLinear", [m.node("QuantizeLinear", [p, x[4], x[5]]), x[4], x[5]])
    t = m.node("Transpose", [p], perm=[0, 2, 3, 1])
    r = m.node("Reshape", [t, m.constant(np.array([-1, 36], np.int64))])
    y = m.pair(m.node("Sigmoid", [r]), F.avg_pool2d(x[1], 2).sigmoid())
    m.save([1, 4, 6, 6], TensorProto.FLOAT, y[0], TensorProto.FLOAT, ["n", 36])


def mean(name, kind, seed):
    m = Model(name, kind, seed)
    x = m.pair("input", samples((4, 6, 6), seed) ** 2)
    y = m.pair(m.node("GlobalAveragePool", [x[0]]), x[1].mean((2, 3), keepdim=True))
    m.save([1, 4, 6, 6], TensorProto.FLOAT, y[0], TensorProto.FLOAT, ["n", 4, 1, 1])


def joined(name, kind, seed):
    m = Model(name, kind, seed)
    x = m.pair("input", samples((4, 6, 6), seed))
    t = m.pair(m.node("Exp", [x[0]]), x[1].exp())
    constant = m.random.normal(size=(1, 2, 6, 6)).astype(np.float32)
    y = m.pair(m.node("Concat", [x[0], t[0], m.constant(constant)], axis=1), torch.cat([x[1], t[1]], 1))
    m.save([1, 4, 6, 6], TensorProto.FLOAT, y[0], TensorProto.FLOAT, ["n", 10, 6, 6])


def softmax(name, kind, seed, axis):
    m = Model(name, kind, seed)
    x = m.pair("input", samples((6, 7), seed))
    e = m.pair(m.node("Mul", [x[0], m.constant(np.float32(3))]), 3 * x[1])
    y = m.pair(m.node("Softmax", [e[0]], axis=axis), e[1].softmax(axis))
    m.save([1, 6, 7], TensorProto.FLOAT, y[0], TensorProto.FLOAT, ["n", 6, 7])


def reduced(name, kind, seed, op):
    m = Model(name, kind, seed)
    x = m.pair("input", samples((4, 6, 5), seed))
    if op == "ReduceMean":
        y = m.pair(m.node(op, [x[0]], axes=[1, -1], keepdims=0), x[1].mean((1, 3)))
        shape = ["n", 6]
    elif op == "ReduceSum":
        y = m.pair(m.node(op, [x[0], m.constant(np.array([2], np.int64))]), x[1].sum(2, keepdim=True))
        shape = ["n", 4, 1, 5]
    else:
        y = m.pair(m.node(op, [x[0]], axes=[3], keepdims=0), x[1].amax(3))
        shape = ["n", 4, 6]
    m.save([1, 4, 6, 5], TensorProto.FLOAT, y[0], TensorProto.FLOAT, shape)


def average(name, kind, seed):
    m = Model(name, kind, seed)
    x = m.pair("input", samples((4, 7, 7), seed))
    y = m.pair(m.node("AveragePool", [x[0]], kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4, count_include_pad=1), F.avg_pool2d(x[1], 3, 2, 1))
    m.save([1, 4, 7, 7], TensorProto.FLOAT, y[0], TensorProto.FLOAT, ["n", 4, 4, 4])


def prelu(name, kind, seed):
    m = Model(name, kind, seed)
    x = m.pair("input", samples((4, 6, 6), seed))
    integers, scale = np.array([-80, 25, 60, 127], np.int8).reshape(4, 1, 1), np.float32(0.01)
    slope = m.node("DequantizeLinear", [m.constant(integers), m.constant(scale)])
    y = m.pair(m.node("PRelu", [x[0], slope]), F.prelu(x[1], torch.tensor((integers * scale).flatten().astype(np.float32))))
    m.save([1, 4, 6, 6], TensorProto.FLOAT, y[0], TensorProto.FLOAT, ["n", 4, 6, 6])


def conv_transpose(name, kind, seed, axis, groups):
    m = Model(name, kind, seed)
    x = m.pair("input", samples((6, 5, 5), seed))
    w, scale, real = m.dequantized_weights((6, 4, 3, 3), axis)
    b, bias = m.bias(4 * groups, np.tile(scale * x[3], groups) if axis else scale * x[3])
    y = m.node("ConvTranspose", [x[0], w, b], group=groups, strides=[2, 2], pads=[1] * 4, output_padding=[1, 1], kernel_shape=[3, 3])
    samples_ = F.conv_transpose2d(x[1], torch.tensor(real), torch.tensor(bias), 2, 1, 1, groups)
    y = m.after(y, samples_, "Relu")
    m.save([1, 6, 5, 5], TensorProto.FLOAT, y[0], TensorProto.FLOAT, ["n", 4 * groups, 10, 10])


def pieces(name, kind, seed):
    """What moves elements, without QuantizeLinear between."""
    m = Model(name, kind, seed)
    x = m.pair("input", samples((4, 5, 5), seed))
    p = m.node("Pad", [x[0], m.constant(np.array([0, 0, 1, 1, 0, 0, 1, 1], np.int64))])
    r = m.node("Resize", [p, m.constant(np.zeros(0, np.float32)), m.constant(np.array([1, 1, 2, 2], np.float32))],
               mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    m.count += 2
    a, b = f"t{m.count - 1}", f"t{m.count}"
    m.nodes.append(helper.make_node("Split", [r], [a, b], axis=1))
    g = m.node("Gather", [b, m.constant(np.array([1, 0, 1], np.int64))], axis=1)
    c = m.node("Concat", [g, a], axis=1)
    y = m.pair(m.node("Tanh", [m.node("DequantizeLinear", [m.node("QuantizeLinear", [c, x[4], x[5]]), x[4], x[5]])]), x[1].tanh())
    m.save([1, 4, 5, 5], TensorProto.FLOAT, y[0], TensorProto.FLOAT, ["n", 5, 14, 14])


def embedding(name, kind, seed):
    """A table of integers, whose rows are chosen by rounding the input."""
    m = Model(name, kind, seed)
    dtype, low, high, _ = TYPES[kind]
    table = m.random.integers(low, high + 1, (10, 6)).astype(dtype)
    s, z = m.constant(np.float32(0.02)), m.constant(dtype(low + 120))
    rows = m.node("DequantizeLinear", [m.constant(table), s, z])
    five = m.constant(np.float32(4.5))
    place = m.node("Cast", [m.node("Clip", [m.node("Add", [m.node("Mul", ["input", five]), five]), m.constant(np.float32(0)), m.constant(np.float32(9))])], to=TensorProto.INT64)
    e = m.node("Gather", [rows, place], axis=0)
    e = m.node("DequantizeLinear", [m.node("QuantizeLinear", [e, s, z]), s, z])
    real = torch.tensor(((table.astype(np.float32) - float(low + 120)) * np.float32(0.02)))
    y = m.pair(m.node("Sigmoid", [e]), real.sigmoid())
    m.save([1, 8], TensorProto.FLOAT, y[0], TensorProto.FLOAT, ["n", 8, 6])


def own(name, kind, seed, op):
    """One operator of ONNX Runtime's own."""
    m = Model(name, kind, seed)
    image = op not in ("QGemm", "QLinearSoftmax")
    shape = (4, 6, 6) if image else (24,)
    x = m.pair("input", samples(shape, seed))
    t, given = None, [x[2], x[4], x[5]]
    attributes, out = {}, [4, 6, 6]
    if op in ("QLinearAdd", "QLinearMul"):
        t = m.pair(m.node("Exp", [x[0]]), x[1].exp())
        real, given = (x[1] + t[1] if op == "QLinearAdd" else x[1] * t[1]), given + [t[2], t[4], t[5]]
    elif op == "QLinearConcat":
        t = m.pair(m.node("Exp", [x[0]]), x[1].exp())
        real, given, attributes, out = torch.cat([x[1], t[1]], 1), given + [t[2], t[4], t[5]], {"axis": 1}, [8, 6, 6]
    elif op == "QLinearWhere":
        condition = m.random.integers(0, 2, (4, 6, 6)).astype(bool)
        t = m.pair(m.node("Exp", [x[0]]), x[1].exp())
        real, given = torch.where(torch.tensor(condition), x[1], t[1]), [m.constant(condition)] + given + [t[2], t[4], t[5]]
    elif op == "QLinearSigmoid":
        real = x[1].sigmoid()
    elif op == "QLinearLeakyRelu":
        real, attributes = F.leaky_relu(x[1], 0.2), {"alpha": 0.2}
    elif op == "QLinearGlobalAveragePool":
        real, out = x[1].mean((2, 3), keepdim=True), [4, 1, 1]
    elif op == "QLinearAveragePool":
        real, attributes, out = F.avg_pool2d(x[1], 2), {"kernel_shape": [2, 2], "strides": [2, 2]}, [4, 3, 3]
    elif op == "QLinearSoftmax":
        real, attributes, out = x[1].softmax(1), {"axis": -1, "opset": 13}, [24]
    else:
        w, ws, wreal = m.weights((10, 24), 0)
        bias = m.random.integers(-2000, 2000, 10).astype(np.int32)
        real = x[1] @ torch.tensor(wreal).T + torch.tensor((bias * ws * x[3]).astype(np.float32))
        given += [m.constant(w), m.constant(ws), m.constant(np.zeros(10, np.int8)), m.constant(bias)]
        attributes, out = {"transB": 1}, [10]
    scale, zero = m.range(real)
    s, z = m.constant(scale), m.constant(zero)
    inputs = [s, z] + given if op == "QLinearConcat" else given + [s, z]
    y = m.node(op, inputs, domain="com.microsoft", **attributes)
    m.save([1] + list(shape), TensorProto.FLOAT, m.node("DequantizeLinear", [y, s, z]), TensorProto.FLOAT, ["n"] + out)


def residual(name, kind, seed):
    """Operators of integers from end to end, as ONNX Runtime's quantizer writes a network in its operator format."""
    m = Model(name, kind, seed)
    first = m.pair("input", samples((3, 10, 10), seed))
    x, real, s, z, scale = first[2], first[1], first[4], first[5], first[3]

    def to(values):
        a, b = m.range(values)
        return m.constant(a), m.constant(b), a

    def conv(x, real, s, z, scale, units, groups=1):
        w, ws, wreal = m.weights((units, real.shape[1] // groups, 3, 3), 0)
        bias = m.random.integers(-500, 500, units).astype(np.int32)
        real = F.conv2d(real, torch.tensor(wreal), torch.tensor((bias * ws * scale).astype(np.float32)), 1, 1, 1, groups)
        ys, yz, value = to(real)
        y = m.node("QLinearConv", [x, s, z, m.constant(w), m.constant(ws), m.constant(np.zeros(units, np.int8)), ys, yz, m.constant(bias)], pads=[1] * 4, group=groups)
        return y, real, ys, yz, value

    def runtime(op, inputs, real, **attributes):
        ys, yz, value = to(real)
        y = m.node(op, ([ys, yz] if op == "QLinearConcat" else []) + inputs + ([] if op == "QLinearConcat" else [ys, yz]), domain="com.microsoft", **attributes)
        return y, real, ys, yz, value

    a = conv(x, real, s, z, scale, 6)
    a = runtime("QLinearLeakyRelu", [a[0], a[2], a[3]], F.leaky_relu(a[1], 0.1), alpha=0.1)
    b = conv(*a, 6, 6)
    c = runtime("QLinearAdd", [a[0], a[2], a[3], b[0], b[2], b[3]], a[1] + b[1])
    d = runtime("QLinearConcat", [c[0], c[2], c[3], a[0], a[2], a[3]], torch.cat([c[1], a[1]], 1), axis=1)
    g = runtime("QLinearGlobalAveragePool", [d[0], d[2], d[3]], d[1].mean((2, 3), keepdim=True))
    f = m.node("Flatten", [g[0]])
    w, ws, wreal = m.weights((12, 4), None)
    h = runtime("QGemm", [f, g[2], g[3], m.constant(w), m.constant(ws), m.constant(np.int8(0)), ""], g[1].flatten(1) @ torch.tensor(wreal))
    m.save([1, 3, 10, 10], TensorProto.FLOAT, m.node("DequantizeLinear", [h[0], h[2], h[3]]), TensorProto.FLOAT, ["n", 4])


def wide(name, kind, seed):
    """Weights of uint8 that no int8 kernel holds."""
    m = Model(name, kind, seed)
    x = m.pair("input", samples((6, 9, 9), seed))
    w, scale = m.random.integers(0, 256, (4, 6, 3, 3)).astype(np.uint8), np.float32(0.01)
    real = m.node("DequantizeLinear", [m.constant(w), m.constant(scale), m.constant(np.uint8(100))])
    y = m.pair(m.node("Conv", [x[0], real]), F.conv2d(x[1], torch.tensor((w.astype(np.float32) - 100) * scale)))
    m.save([1, 6, 9, 9], TensorProto.FLOAT, y[0], TensorProto.FLOAT, ["n", 4, 7, 7])


def qlinear_conv(name, kind, seed):
    """Integers from end to end, a MaxPool of integers between the convolutions."""
    m = Model(name, kind, seed)
    dtype, low, high, code = TYPES[kind]
    scale, zero = np.float32(1 / 128), dtype(low + 128)
    integers = np.random.default_rng(seed).integers(low, high + 1, (64, 3, 10, 10))
    x, real = "input", torch.tensor(((integers - int(zero)) * scale).astype(np.float32))
    for units in (6, 4):
        w, ws, wreal = m.weights((units, real.shape[1], 3, 3), 0)
        bias = m.random.integers(-2000, 2000, units).astype(np.int32)
        real = F.conv2d(real, torch.tensor(wreal), torch.tensor((bias * ws * scale).astype(np.float32)), padding=1)
        to, to_zero = m.range(real)
        x = m.node("QLinearConv", [x, m.constant(scale), m.constant(zero), m.constant(w), m.constant(ws), m.constant(np.zeros(units, np.int8)),
                                   m.constant(to), m.constant(to_zero), m.constant(bias)], pads=[1] * 4)
        scale, zero = to, to_zero
        if units == 6:
            x, real = m.node("MaxPool", [x], kernel_shape=[2, 2], strides=[2, 2]), F.max_pool2d(real, 2)
    m.save([1, 3, 10, 10], code, x, code, ["n", 4, 5, 5])


def qlinear_matmul(name, kind, seed):
    m = Model(name, kind, seed)
    x = m.pair("input", samples((24,), seed))
    w, ws, wreal = m.weights((24, 10), None)
    real = x[1] @ torch.tensor(wreal)
    to, zero = m.range(real)
    s, z = m.constant(to), m.constant(zero)
    y = m.node("QLinearMatMul", [x[2], x[4], x[5], m.constant(w), m.constant(ws), m.constant(np.int8(0)), s, z])
    m.save([1, 24], TensorProto.FLOAT, m.node("DequantizeLinear", [y, s, z]), TensorProto.FLOAT, ["n", 10])


def dynamic_lstm(name, kind, seed):
    """Both directions; the weights by columns in uint8, as a whole in int8."""
    m = Model(name, kind, seed)
    dtype, low, high, _ = TYPES[kind]
    inputs = ["input"]
    scales = []
    for rows in (5, 6):
        real = m.random.normal(size=(2, rows, 24)).astype(np.float32) * 0.5
        most = np.abs(real).max(axis=1) if kind == "uint8" else np.abs(real).max(axis=(1, 2))
        scale = (most / 127).astype(np.float32)
        zero = np.full_like(scale, low + 128, dtype=dtype)
        around = scale.reshape(2, 1, -1)
        inputs.append(m.constant(np.clip(np.round(real / around) + low + 128, low, high).astype(dtype)))
        scales += [m.constant(scale), m.constant(zero)]
    inputs += [m.constant(m.random.normal(size=(2, 48)).astype(np.float32) * 0.3), "", "", "", ""] + scales
    y = m.node("DynamicQuantizeLSTM", inputs, domain="com.microsoft", direction="bidirectional", hidden_size=6)
    m.save([7, 1, 5], TensorProto.FLOAT, y, TensorProto.FLOAT, [7, 2, 1, 6])


if __name__ == "__main__":
    for kind in TYPES:
        layer(f"conv_{kind}", kind, 1, units=8, kernel=3, pad=1, after="Relu")
        layer(f"conv_per_tensor_{kind}", kind, 2, units=8, kernel=3, axis=None, stride=2)
        layer(f"depthwise_{kind}", kind, 3, units=12, kernel=3, groups=6, pad=1, after="Clip")
        cnn(f"cnn_{kind}", kind, 4)
        dense(f"gemm_{kind}", kind, 5, "gemm", "Relu")
        dense(f"matmul_add_{kind}", kind, 6, "matmul", "Relu")
        dense(f"matmul_turned_{kind}", kind, 7, "turned")
        binary(f"add_{kind}", kind, 8, "Add")
        binary(f"mul_{kind}", kind, 9, "Mul")
        moved(f"moved_{kind}", kind, 10)
        mean(f"mean_{kind}", kind, 13)
        wide(f"wide_{kind}", kind, 14)
        qlinear_conv(f"qlinear_conv_{kind}", kind, 11)
        qlinear_matmul(f"qlinear_matmul_{kind}", kind, 12)
        joined(f"joined_{kind}", kind, 15)
        softmax(f"softmax_{kind}", kind, 16, -1)
        softmax(f"softmax_rows_{kind}", kind, 17, 1)
        for i, op in enumerate(["ReduceMean", "ReduceSum", "ReduceMax"]):
            reduced(f"{op}_{kind}", kind, 18 + i, op)
        average(f"average_{kind}", kind, 21)
        prelu(f"prelu_{kind}", kind, 22)
        conv_transpose(f"conv_transpose_{kind}", kind, 23, 1, 2)
        conv_transpose(f"conv_transpose_per_tensor_{kind}", kind, 24, None, 1)
        pieces(f"pieces_{kind}", kind, 25)
        embedding(f"embedding_{kind}", kind, 26)
        for i, op in enumerate(["QLinearAdd", "QLinearMul", "QLinearConcat", "QLinearSigmoid", "QLinearLeakyRelu", "QLinearGlobalAveragePool",
                                "QLinearAveragePool", "QLinearSoftmax", "QGemm", "QLinearWhere"]):
            own(f"{op}_{kind}", kind, 30 + i, op)
        residual(f"residual_{kind}", kind, 40)
        dynamic_lstm(f"dynamic_lstm_{kind}", kind, 41)
