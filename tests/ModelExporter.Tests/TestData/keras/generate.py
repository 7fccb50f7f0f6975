"""Writes the Keras fixtures beside this script: the same models as Keras 2 whole-model .h5 files and Keras 3 .keras archives.

Needs Debian's python3-h5py, python3-numpy and python3-torch; Keras itself is not needed. The files have the layout that Keras
writes (keras/src/saving/saving_lib.py, keras/src/legacy/saving/legacy_h5_format.py of keras-team/keras). The expected outputs
come from PyTorch's operators in double precision.
"""

import io
import json
import os
import re
import zipfile

import h5py
import numpy as np
import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
torch.set_default_dtype(torch.float64)


def snake(name):
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


class Tensor:
    """A tensor of the model: its value for the test input, and where it comes from."""

    def __init__(self, data, layer, node=0):
        self.data, self.layer, self.node = data, layer, node


class Model:
    """Records layers as they are called."""

    def __init__(self, seed, kind="Functional"):
        self.random = np.random.default_rng(seed)
        self.kind, self.layers, self.inputs, self.outputs = kind, [], [], []

    def weight(self, *shape, low=-0.6, high=0.6):
        return self.random.uniform(low, high, shape).astype(np.float32)

    def input(self, *shape):
        data = torch.from_numpy(self.random.uniform(-1, 1, (1, *shape)).astype(np.float32).astype(np.float64))
        layer = Layer("InputLayer", f"input_{len(self.inputs) + 1}", {"batch_input_shape": [None, *shape]}, [], None)
        self.layers.append(layer)
        tensor = Tensor(data, layer)
        self.inputs.append(tensor)
        return tensor

    def layer(self, kind, config, weights, function, **more):
        layer = Layer(kind, f"{snake(kind)}_{len(self.layers)}", config, weights, function, **more)
        self.layers.append(layer)
        return layer

    def call(self, layer, *inputs):
        layer.calls.append([(i.layer, i.node) for i in inputs])
        with torch.no_grad():
            data = layer.function(*[i.data for i in inputs], *[torch.from_numpy(np.asarray(w, np.float64)) for w in layer.weights])
        first = 1 if isinstance(layer.inner, Model) and layer.inner.kind == "Functional" else 0
        return Tensor(data, layer, len(layer.calls) - 1 + first)

    def add(self, kind, x, config=None, weights=(), function=None, **more):
        inputs = x if isinstance(x, (list, tuple)) else [x]
        return self.call(self.layer(kind, config or {}, list(weights), function, **more), *inputs)

    # How the two versions describe the same model.
    def config(self, version, name="model"):
        if self.kind == "Sequential":
            return {"class_name": "Sequential", "config": {"name": name, "layers": [l.config_of(version, None) for l in self.layers]}}
        ends = lambda tensors: [[t.layer.name, t.node, 0] for t in tensors]
        outputs = ends(self.outputs)
        return {
            "class_name": "Functional",
            "config": {
                "name": name,
                "layers": [l.config_of(version, self) for l in self.layers],
                "input_layers": ends(self.inputs),
                "output_layers": outputs[0] if version == 3 and len(outputs) == 1 else outputs,
            },
        }

    def write_h5(self, group, outer=None):
        for layer in self.layers:
            own = group if outer else group.create_group(layer.name)
            names = layer.write_h5(own)
            if not outer:
                own.attrs["weight_names"] = np.array([n.encode() for n in names], dtype="S") if names else np.array([], dtype="S1")

    def write_archive(self, group):
        used = {}
        for layer in self.layers:
            name = snake(layer.kind)
            number = used.get(name, 0)
            used[name] = number + 1
            layer.write_archive(group, f"layers/{name}" + (f"_{number}" if number else ""))


class Layer:
    def __init__(self, kind, name, config, weights, function, names=None, inner=None, cell=False):
        self.kind, self.name, self.settings, self.weights, self.function = kind, name, config, weights, function
        self.inner, self.cell, self.calls = inner, cell, []

    def config_of(self, version, model):
        if isinstance(self.inner, Model):
            result = self.inner.config(version, self.name)
        else:
            settings = {"name": self.name, "trainable": True, "dtype": "float32", **self.settings}
            if version == 3:
                if "batch_input_shape" in settings:
                    settings["batch_shape"] = settings.pop("batch_input_shape")
                if "alpha" in settings and self.kind == "LeakyReLU":
                    settings["negative_slope"] = settings.pop("alpha")
            result = {"class_name": self.kind, "config": settings}
        if version == 3:
            result = {"module": "keras.layers", "registered_name": None, **result}
        if model is not None:
            result["name"] = self.name
            if version == 3:
                tensor = lambda t: {"class_name": "__keras_tensor__", "config": {"shape": [None], "dtype": "float32", "keras_history": [t[0].name, t[1], 0]}}
                result["inbound_nodes"] = [{"args": [tensor(c[0]) if len(c) == 1 else [tensor(t) for t in c]], "kwargs": {}} for c in self.calls]
            else:
                result["inbound_nodes"] = [[[t[0].name, t[1], 0, {}] for t in c] for c in self.calls]
        return result

    def write_h5(self, group):
        if isinstance(self.inner, Model):
            return [n for l in self.inner.layers for n in l.write_h5(group)]
        names = []
        for i, weight in enumerate(self.weights):
            part = ""
            if self.kind == "Bidirectional":
                part = "forward_rnn/cell/" if i < len(self.weights) // 2 else "backward_rnn/cell/"
            names.append(f"{self.name}/{part}weight_{i}:0")
            group.create_dataset(names[-1], data=weight)
        return names

    def write_archive(self, group, path):
        if isinstance(self.inner, Model):
            sub = group.create_group(path)
            self.inner.write_archive(sub)
            return
        half = len(self.weights) // 2
        parts = {"": self.weights}
        if self.kind == "Bidirectional":
            parts = {"/forward_layer/cell": self.weights[:half], "/backward_layer/cell": self.weights[half:]}
        elif self.kind == "TimeDistributed":
            parts = {"/layer": self.weights}
        elif self.kind in ("LSTM", "GRU", "SimpleRNN"):
            parts = {"/cell": self.weights}
        for part, weights in parts.items():
            if not weights:
                continue
            target = group.create_group(path + part + "/vars")
            for i, weight in enumerate(weights):
                target.create_dataset(str(i), data=weight)


def save_model_file(name, model):
    with h5py.File(os.path.join(HERE, name + ".h5"), "w") as file:
        file.attrs["backend"], file.attrs["keras_version"] = "tensorflow", "2.15.0"
        file.attrs["model_config"] = json.dumps(model.config(2))
        model.write_h5(file.create_group("model_weights"))


def save_archive(name, model):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        model.write_archive(file)
    with zipfile.ZipFile(os.path.join(HERE, name + ".keras"), "w") as archive:
        for part, content in [
            ("metadata.json", json.dumps({"keras_version": "3.15.1", "date_saved": "2026-01-01@00:00:00"})),
            ("config.json", json.dumps(model.config(3))),
            ("model.weights.h5", buffer.getvalue()),
        ]:
            archive.writestr(zipfile.ZipInfo(part), content, zipfile.ZIP_DEFLATED)


def save(name, model, both=True):
    save_archive(name, model)
    if both:
        save_model_file(name, model)
    np.save(os.path.join(HERE, name + ".input.npy"), np.concatenate([t.data.numpy().ravel() for t in model.inputs]).astype(np.float32)[None])
    np.save(os.path.join(HERE, name + ".expected.npy"), np.concatenate([t.data.numpy().ravel() for t in model.outputs]).astype(np.float32)[None])


# What each layer computes, by PyTorch's operators, which have the channels first.
def first(x):
    return x.movedim(-1, 1)


def last(x):
    return x.movedim(1, -1)


def same(x, kernel, stride, dilation, value=0.0):
    """Pads the places of x [n, c, places...] by TensorFlow's rule."""
    pads = []
    for size, k, s, d in reversed(list(zip(x.shape[2:], kernel, stride, dilation))):
        total = max((-(-size // s) - 1) * s + (k - 1) * d + 1 - size, 0)
        pads += [total // 2, total - total // 2]
    return F.pad(x, pads, value=value)


def convolve(x, kernel, bias, stride, dilation, groups, padding):
    axes = x.dim() - 2
    stride, dilation = [stride] * axes, [dilation] * axes
    x = first(x)
    size = kernel.shape[2:]
    if padding == "same":
        x = same(x, size, stride, dilation)
    elif padding == "causal":
        x = F.pad(x, [(size[0] - 1) * dilation[0], 0])
    return last((F.conv1d if axes == 1 else F.conv2d)(x, kernel, bias, stride, 0, dilation, groups))


def conv(x, kernel, bias=None, stride=1, dilation=1, groups=1, padding="valid"):
    axes = x.dim() - 2
    return convolve(x, kernel.permute(axes + 1, axes, *range(axes)), bias, stride, dilation, groups, padding)


def depthwise(x, kernel, bias=None, stride=1, dilation=1, padding="valid"):
    axes, channels = x.dim() - 2, x.shape[-1]
    torch_kernel = kernel.permute(axes, axes + 1, *range(axes)).reshape(-1, 1, *kernel.shape[:axes])
    return convolve(x, torch_kernel, bias, stride, dilation, channels, padding)


def transposed(x, kernel, bias, stride, padding):
    """The gradient of the convolution whose padding is given."""
    full = F.conv_transpose2d(first(x), kernel.permute(3, 2, 0, 1), None, stride)
    sizes = [x.shape[1] * stride, x.shape[2] * stride] if padding == "same" else [s * stride + max(k - stride, 0) for s, k in zip(x.shape[1:3], kernel.shape[:2])]
    for axis, size in enumerate(sizes):
        total = max(full.shape[2 + axis] - size, 0)
        if padding == "same":
            full = full.narrow(2 + axis, total // 2, min(size, full.shape[2 + axis]))
        short = size - full.shape[2 + axis]
        if short > 0:
            full = F.pad(full, [0, 0, 0, short] if axis == 0 else [0, short])
    return last(full + bias[None, :, None, None])


def pool(x, size, stride, padding, average):
    x = first(x)
    if not average:
        return last(F.max_pool2d(same(x, [size] * 2, [stride] * 2, [1, 1], -float("inf")) if padding == "same" else x, size, stride))
    ones = torch.ones_like(x)
    if padding == "same":
        x, ones = [same(t, [size] * 2, [stride] * 2, [1, 1]) for t in (x, ones)]
    return last(F.avg_pool2d(x, size, stride) / F.avg_pool2d(ones, size, stride))


def gates(weights, order, units):
    return torch.cat([weights[..., i * units:(i + 1) * units] for i in order], -1)


def recur(kind, x, kernel, recurrent, bias, reverse=False, reset_after=True, hard=None):
    """All states [1, t, units] in the order of their computation."""
    units = recurrent.shape[0]
    sequence = x[0].flip(0) if reverse else x[0]
    if kind == "GRU" and (not reset_after or hard):
        # PyTorch has this form neither: by the formula of Cho et al. (2014).
        sigmoid = hard or torch.sigmoid
        wb, rb = (bias[0], bias[1]) if reset_after else (bias, torch.zeros_like(bias))
        h, states = torch.zeros(units), []
        for step in sequence:
            w = step @ kernel + wb
            z = sigmoid(w[:units] + h @ recurrent[:, :units] + rb[:units])
            r = sigmoid(w[units:2 * units] + h @ recurrent[:, units:2 * units] + rb[units:2 * units])
            inner = r * (h @ recurrent[:, 2 * units:] + rb[2 * units:]) if reset_after else (r * h) @ recurrent[:, 2 * units:]
            h = z * h + (1 - z) * torch.tanh(w[2 * units:] + inner)
            states.append(h)
        return torch.stack(states)[None]
    # PyTorch's gates: LSTM i f g o like Keras, GRU r z n where Keras has z r h.
    order, module = {"LSTM": ((0, 1, 2, 3), torch.nn.LSTM), "GRU": ((1, 0, 2), torch.nn.GRU), "SimpleRNN": ((0,), torch.nn.RNN)}[kind]
    cell = module(x.shape[-1], units, batch_first=True)
    both = bias if bias.dim() == 2 else torch.stack([bias, torch.zeros_like(bias)])
    cell.weight_ih_l0.data = gates(kernel, order, units).T.contiguous()
    cell.weight_hh_l0.data = gates(recurrent, order, units).T.contiguous()
    cell.bias_ih_l0.data, cell.bias_hh_l0.data = gates(both[0], order, units), gates(both[1], order, units)
    with torch.no_grad():
        return cell(sequence[None])[0]


def normalize_batch(x, gamma, beta, mean, variance):
    return gamma * (x - mean) / torch.sqrt(variance + 1e-3) + beta


def image():
    m = Model(1, "Sequential")
    w = m.weight
    x = m.input(11, 9, 3)
    x = m.add("Rescaling", x, {"scale": 0.5, "offset": 0.25}, function=lambda x: x * 0.5 + 0.25)
    x = m.add("Conv2D", x, {"filters": 8, "kernel_size": [3, 4], "strides": [2, 2], "padding": "same", "data_format": "channels_last", "dilation_rate": [1, 1], "groups": 1, "activation": "relu", "use_bias": True},
              [w(3, 4, 3, 8), w(8)], lambda x, k, b: F.relu(conv(x, k, b, 2, padding="same")))
    x = m.add("BatchNormalization", x, {"axis": [3], "epsilon": 0.001, "center": True, "scale": True},
              [w(8, low=0.5, high=1.5), w(8), w(8), w(8, low=0.2, high=2)], normalize_batch)
    x = m.add("Conv2D", x, {"filters": 6, "kernel_size": [2, 2], "strides": [1, 1], "padding": "valid", "dilation_rate": [2, 1], "groups": 2, "activation": "linear", "use_bias": False},
              [w(2, 2, 4, 6)], lambda x, k: last(F.conv2d(first(x), k.permute(3, 2, 0, 1), None, 1, 0, (2, 1), 2)))
    x = m.add("DepthwiseConv2D", x, {"kernel_size": [3, 3], "strides": [1, 1], "padding": "same", "depth_multiplier": 2, "activation": "tanh", "use_bias": True, "dilation_rate": [1, 1]},
              [w(3, 3, 6, 2), w(12)], lambda x, k, b: torch.tanh(depthwise(x, k, b, padding="same")))
    x = m.add("SeparableConv2D", x, {"filters": 5, "kernel_size": [2, 2], "strides": [1, 1], "padding": "same", "depth_multiplier": 2, "activation": "elu", "use_bias": True},
              [w(2, 2, 12, 2), w(1, 1, 24, 5), w(5)], lambda x, d, p, b: F.elu(conv(depthwise(x, d, padding="same"), p, b)))
    x = m.add("UpSampling2D", x, {"size": [2, 3], "interpolation": "nearest"}, function=lambda x: x.repeat_interleave(2, 1).repeat_interleave(3, 2))
    x = m.add("ZeroPadding2D", x, {"padding": [[1, 0], [2, 1]]}, function=lambda x: F.pad(x, [0, 0, 2, 1, 1, 0]))
    x = m.add("MaxPooling2D", x, {"pool_size": [3, 3], "strides": [2, 2], "padding": "same"}, function=lambda x: pool(x, 3, 2, "same", False))
    x = m.add("Cropping2D", x, {"cropping": [[1, 0], [0, 1]]}, function=lambda x: x[:, 1:, :-1])
    x = m.add("Conv2DTranspose", x, {"filters": 4, "kernel_size": [3, 3], "strides": [2, 2], "padding": "same", "output_padding": None, "dilation_rate": [1, 1], "activation": "linear", "use_bias": True},
              [w(3, 3, 4, 5), w(4)], lambda x, k, b: transposed(x, k, b, 2, "same"))
    x = m.add("AveragePooling2D", x, {"pool_size": [2, 2], "strides": None, "padding": "same"}, function=lambda x: pool(x, 2, 2, "same", True))
    x = m.add("Conv2DTranspose", x, {"filters": 3, "kernel_size": [2, 2], "strides": [3, 3], "padding": "valid", "activation": "sigmoid", "use_bias": True},
              [w(2, 2, 3, 4), w(3)], lambda x, k, b: torch.sigmoid(transposed(x, k, b, 3, "valid")))
    x = m.add("SpatialDropout2D", x, {"rate": 0.3}, function=lambda x: x)
    x = m.add("MaxPooling2D", x, {"pool_size": [2, 2], "strides": [2, 2], "padding": "valid"}, function=lambda x: pool(x, 2, 2, "valid", False))
    x = m.add("Permute", x, {"dims": [3, 1, 2]}, function=lambda x: x.permute(0, 3, 1, 2))
    x = m.add("Reshape", x, {"target_shape": [-1, 6]}, function=lambda x: x.reshape(1, -1, 6))
    x = m.add("GlobalAveragePooling1D", x, {}, function=lambda x: x.mean(1))
    x = m.add("Dense", x, {"units": 4, "activation": "softmax", "use_bias": True}, [w(6, 4), w(4)], lambda x, k, b: torch.softmax(x @ k + b, -1))
    m.outputs = [x]
    return m


def functional():
    m = Model(2)
    w = m.weight
    a, b = m.input(6), m.input(6)
    dense = lambda x, k, b: x @ k + b
    shared = m.layer("Dense", {"units": 5, "activation": "linear", "use_bias": True}, [w(6, 5), w(5)], dense)
    p, q = m.call(shared, a), m.call(shared, b)
    parts = [
        m.add("Add", [p, q], function=lambda a, b: a + b),
        m.add("Subtract", [p, q], function=lambda a, b: a - b),
        m.add("Multiply", [p, q], function=lambda a, b: a * b),
        m.add("Average", [p, q, p], function=lambda a, b, c: (a + b + c) / 3),
        m.add("Maximum", [p, q], function=torch.maximum),
        m.add("Minimum", [p, q], function=torch.minimum),
    ]
    x = m.add("Concatenate", parts, {"axis": -1}, function=lambda *x: torch.cat(x, -1))
    x = m.add("LayerNormalization", x, {"axis": [1], "epsilon": 0.01, "center": True, "scale": True}, [w(30), w(30)], lambda x, g, b: F.layer_norm(x, [30], g, b, 0.01))
    x = m.add("PReLU", x, {"shared_axes": None}, [w(30)], lambda x, a: torch.where(x >= 0, x, a * x))

    inner = Model(3, "Sequential")
    y = inner.input(30)
    y.data = x.data
    inner.add("Dense", y, {"units": 7, "activation": "relu", "use_bias": True}, [w(30, 7), w(7)], lambda x, k, b: F.relu(x @ k + b))
    inner.add("BatchNormalization", y, {"axis": [1], "epsilon": 0.001, "center": True, "scale": True}, [w(7, low=0.5, high=1.5), w(7), w(7), w(7, low=0.2, high=2)],
              lambda x, *_: x)

    def nested(x):
        k, b = [torch.from_numpy(t.astype(np.float64)) for t in inner.layers[1].weights]
        return normalize_batch(F.relu(x @ k + b), *[torch.from_numpy(t.astype(np.float64)) for t in inner.layers[2].weights])

    x = m.add("Sequential", x, function=nested, inner=inner)
    x = m.add("Normalization", x, {"axis": [-1], "mean": None, "variance": None, "invert": False}, [w(7), w(7, low=0.1, high=2), np.int64(9)], lambda x, m, v, _: (x - m) / torch.sqrt(v))
    m.outputs = [x, m.add("Dense", q, {"units": 2, "activation": "gelu", "use_bias": False}, [w(5, 2)], lambda x, k: F.gelu(x @ k))]
    return m


def sequence():
    m = Model(4, "Sequential")
    w = m.weight
    x = m.input(12, 3)
    rnn = lambda kind, units, inputs, gates, two=False: [w(inputs, gates * units), w(units, gates * units), w(*([2] if two else []), gates * units)]
    base = {"activation": "tanh", "use_bias": True, "return_sequences": True, "return_state": False, "go_backwards": False, "stateful": False, "unroll": False}
    gated = {**base, "recurrent_activation": "sigmoid"}
    x = m.add("Conv1D", x, {"filters": 4, "kernel_size": [3], "strides": [1], "padding": "causal", "dilation_rate": [2], "activation": "relu", "use_bias": True},
              [w(3, 3, 4), w(4)], lambda x, k, b: F.relu(conv(x, k, b, dilation=2, padding="causal")))
    x = m.add("LSTM", x, {**gated, "units": 5}, rnn("LSTM", 5, 4, 4), lambda x, *p: recur("LSTM", x, *p))
    both = lambda x, *p: torch.cat([recur("GRU", x, *p[:3]), recur("GRU", x, *p[3:], reverse=True).flip(1)], -1)
    x = m.add("Bidirectional", x, {"merge_mode": "concat", "layer": {"class_name": "GRU", "config": {**gated, "name": "rnn", "units": 3, "reset_after": True}}},
              rnn("GRU", 3, 5, 3, True) + rnn("GRU", 3, 5, 3, True), both)
    x = m.add("SimpleRNN", x, {**base, "units": 4, "go_backwards": True}, rnn("SimpleRNN", 4, 6, 1), lambda x, *p: recur("SimpleRNN", x, *p, reverse=True))
    x = m.add("TimeDistributed", x, {"layer": {"class_name": "Dense", "config": {"name": "inner", "units": 4, "activation": "softsign", "use_bias": True}}},
              [w(4, 4), w(4)], lambda x, k, b: F.softsign(x @ k + b))
    x = m.add("DepthwiseConv1D", x, {"kernel_size": [3], "strides": [2], "padding": "same", "depth_multiplier": 1, "activation": "linear", "use_bias": True}, [w(3, 4, 1), w(4)], lambda x, k, b: depthwise(x, k, b, 2, padding="same"))
    x = m.add("SeparableConv1D", x, {"filters": 3, "kernel_size": [2], "strides": [1], "padding": "valid", "depth_multiplier": 1, "activation": "linear", "use_bias": True},
              [w(2, 4, 1), w(1, 4, 3), w(3)], lambda x, d, p, b: conv(depthwise(x, d), p, b))
    x = m.add("ZeroPadding1D", x, {"padding": [1, 2]}, function=lambda x: F.pad(x, [0, 0, 1, 2]))
    x = m.add("MaxPooling1D", x, {"pool_size": [2], "strides": [1], "padding": "valid"}, function=lambda x: torch.maximum(x[:, :-1], x[:, 1:]))
    x = m.add("Cropping1D", x, {"cropping": [1, 0]}, function=lambda x: x[:, 1:])
    x = m.add("UpSampling1D", x, {"size": 2}, function=lambda x: x.repeat_interleave(2, 1))
    x = m.add("GRU", x, {**gated, "units": 4, "reset_after": False, "return_sequences": False}, rnn("GRU", 4, 3, 3), lambda x, *p: recur("GRU", x, *p, reset_after=False)[:, -1])
    x = m.add("RepeatVector", x, {"n": 3}, function=lambda x: x[:, None].repeat(1, 3, 1))
    x = m.add("Flatten", x, {}, function=lambda x: x.reshape(1, -1))
    m.outputs = [m.add("Dense", x, {"units": 2, "activation": "linear", "use_bias": True}, [w(12, 2), w(2)], lambda x, k, b: x @ k + b)]
    return m


def activations():
    m = Model(5)
    x = m.input(40)
    x.data = torch.linspace(-8, 8, 40, dtype=torch.float32).to(torch.float64)[None]
    named = {
        "relu": F.relu, "relu6": F.relu6, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "elu": F.elu, "selu": F.selu, "gelu": F.gelu, "swish": F.silu,
        "softplus": F.softplus, "softsign": F.softsign, "softmax": lambda x: F.softmax(x, -1), "exponential": torch.exp, "mish": F.mish,
    }
    tanh_part = m.add("Rescaling", x, {"scale": 0.25, "offset": 0.0}, function=lambda x: x * 0.25)
    outputs = [m.add("Activation", tanh_part, {"activation": name}, function=function) for name, function in named.items()]
    full = lambda most, slope, threshold: lambda x: torch.where(x >= most, torch.full_like(x, most), torch.where(x >= threshold, x, slope * (x - threshold)))
    outputs += [
        m.add("ReLU", x, {"max_value": 3.0, "negative_slope": 0.1, "threshold": 0.5}, function=full(3.0, 0.1, 0.5)),
        m.add("ReLU", x, {"max_value": None, "negative_slope": 0.0, "threshold": 1.0}, function=full(1e9, 0.0, 1.0)),
        m.add("ReLU", x, {"max_value": 6.0, "negative_slope": 0.0, "threshold": 0.0}, function=full(6.0, 0.0, 0.0)),
        m.add("LeakyReLU", x, {"alpha": 0.15}, function=lambda x: F.leaky_relu(x, 0.15)),
        m.add("ELU", x, {"alpha": 0.7}, function=lambda x: F.elu(x, 0.7)),
        m.add("Softmax", x, {"axis": -1}, function=lambda x: F.softmax(x, -1)),
    ]
    m.outputs = [m.add("Concatenate", outputs, {"axis": 1}, function=lambda *x: torch.cat(x, 1))]
    return m


def nested():
    """A functional model inside another, called on both inputs."""
    m, inner = Model(6), Model(7)
    a, b = m.input(5, 4, 2), m.input(5, 4, 2)
    x = inner.input(5, 4, 2)
    x = inner.add("Conv2D", x, {"filters": 4, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same", "activation": "relu", "use_bias": True},
                  [inner.weight(3, 3, 2, 4), inner.weight(4)], lambda x, k, b: F.relu(conv(x, k, b, padding="same")))
    x = inner.add("UpSampling2D", x, {"size": [2, 3], "interpolation": "bilinear"},
                  function=lambda x: last(F.interpolate(first(x), scale_factor=(2, 3), mode="bilinear", align_corners=False)))
    inner.outputs = [x]

    def encode(x):
        for layer in inner.layers[1:]:
            x = layer.function(x, *[torch.from_numpy(np.asarray(w, np.float64)) for w in layer.weights])
        return x

    shared = m.layer("Functional", {}, [], encode, inner=inner)
    x = m.add("Subtract", [m.call(shared, a), m.call(shared, b)], function=lambda a, b: a - b)
    x = m.add("SeparableConv2D", x, {"filters": 3, "kernel_size": [3, 3], "strides": [2, 2], "padding": "same", "depth_multiplier": 1, "activation": "linear", "use_bias": True},
              [m.weight(3, 3, 4, 1), m.weight(1, 1, 4, 3), m.weight(3)], lambda x, d, p, b: conv(depthwise(x, d, None, 2, padding="same"), p, b))
    m.outputs = [m.add("GlobalMaxPooling2D", x, {}, function=lambda x: x.amax((1, 2)))]
    return m


def stateful():
    """Takes six steps a call; the input and the outputs here are those of two calls."""
    m = Model(8, "Sequential")
    w = m.weight
    x = m.input(12, 3)
    m.layers[0].settings["batch_input_shape"] = [1, 6, 3]
    base = {"activation": "tanh", "recurrent_activation": "sigmoid", "use_bias": True, "return_sequences": True, "return_state": False, "go_backwards": False, "stateful": True, "unroll": False}
    x = m.add("LSTM", x, {**base, "units": 5}, [w(3, 20), w(5, 20), w(20)], lambda x, *p: recur("LSTM", x, *p))
    x = m.add("GRU", x, {**base, "units": 4, "reset_after": True}, [w(5, 12), w(4, 12), w(2, 12)], lambda x, *p: recur("GRU", x, *p))
    m.outputs = [m.add("Dense", x, {"units": 2, "activation": "tanh", "use_bias": True}, [w(4, 2), w(2)], lambda x, k, b: torch.tanh(x @ k + b))]
    return m


def small(name, write, libver=None):
    """A model file of one layer, whose weights may be what HDF5 allows and no model needs."""
    layers = [
        {"class_name": "InputLayer", "config": {"name": "x", "batch_input_shape": [None, 2]}},
        {"class_name": "Dense", "config": {"name": "d", "units": 1, "activation": "linear", "use_bias": False}},
    ]
    with h5py.File(os.path.join(HERE, name + ".h5"), "w", libver=libver) as file:
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": {"name": "m", "layers": layers}})
        group = file.create_group("model_weights/d")
        group.attrs["weight_names"] = np.array([b"d/kernel:0"], dtype="S")
        write(group)


if __name__ == "__main__":
    small("external_data", lambda group: group.create_dataset("d/kernel:0", shape=(2, 1), dtype="f4", external=[("/etc/passwd", 0, 8)]))
    layout = h5py.VirtualLayout(shape=(2, 1), dtype="f4")
    layout[...] = h5py.VirtualSource("functional.h5", "kernel", shape=(2, 1))
    small("virtual_data", lambda group: group.create_virtual_dataset("d/kernel:0", layout))
    small("link_loop", lambda group: group.__setitem__("d/kernel:0", h5py.SoftLink("/model_weights/d/d/kernel:0")))
    small("huge_dataset", lambda group: group.create_dataset("d/kernel:0", shape=(2**15, 2**14), dtype="f4", chunks=(64, 64), compression="gzip"))
    small("latest", lambda group: group.create_dataset("d/kernel:0", data=np.ones((2, 1), "f4")), libver="latest")
    for model in (image, functional, sequence, nested, stateful):
        save(model.__name__, model())

    # Its layers have no weights, in which alone the two kinds of file differ much.
    save("activations", activations(), both=False)
