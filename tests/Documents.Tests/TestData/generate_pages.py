"""Writes beside this script what the pages of docs/how-do-i are held to, from the model in digits.keras and the data of this repository:

  digits.tflite                      the network of digits.keras as TensorFlow Lite's converter quantizes it: int8 in and out
  digits.tflite.predict.txt          what that file decides on data/digits.test.csv, a class a line
  digits.keras.predict.txt           what the float network decides on the same rows, in PyTorch
  scikit-learn.predict.txt           predict() of the pipeline of docs/how-do-i/scikit-learn.md on data/breast_cancer.test.csv

TensorFlow is no package of Debian, so the .tflite file is written here by the slots of its published schema (flatbuffers), and its
decisions are computed here in numpy by the formulas that TensorFlow Lite publishes: the quantization specification (real value =
scale * (integer - zero point), weights symmetric, bias of scale input * weights) and gemmlowp's multiplication by a fixed-point
multiplier, rounded twice. The decision is the largest integer before the softmax, which keeps the order.

Needs Debian's python3-flatbuffers, python3-h5py, python3-numpy, python3-sklearn and python3-torch; run it from the repository's root.
"""

import io
import math
import os
import zipfile

import flatbuffers
import h5py
import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = os.path.dirname(os.path.abspath(__file__))
INT8, INT32 = 9, 2
CONV_2D, FULLY_CONNECTED, MAX_POOL_2D, RESHAPE, SOFTMAX = 3, 9, 17, 22, 25


def rows(name):
    table = np.loadtxt(f"data/{name}.csv", delimiter=",", skiprows=1, dtype=np.float32)
    return table[:, :-1], table[:, -1].astype(int)


def write(name, decided, expected):
    with open(os.path.join(HERE, name), "w", encoding="ascii", newline="\n") as file:
        file.writelines(f"{value}\n" for value in decided)
    print(f"{name}: {int((decided == expected).sum())} of {len(expected)}")


def keras_weights():
    with zipfile.ZipFile(os.path.join(HERE, "digits.keras")) as archive, h5py.File(io.BytesIO(archive.read("model.weights.h5")), "r") as file:
        return [np.array(file[f"layers/{layer}/vars/{i}"]) for layer in ("conv2d", "dense") for i in (0, 1)]


def float_network(x, kernel, bias, dense, dense_bias):
    image = torch.nn.functional.conv2d(torch.from_numpy(x / 16).reshape(-1, 1, 8, 8), torch.from_numpy(kernel.transpose(3, 2, 0, 1)), torch.from_numpy(bias), padding=1)
    image = torch.relu(image)
    flat = torch.nn.functional.max_pool2d(image, 2).permute(0, 2, 3, 1).flatten(1)
    return image.numpy(), (flat @ torch.from_numpy(dense) + torch.from_numpy(dense_bias)).numpy()


def affine(low, high):
    scale = np.float32((max(high, 0) - min(low, 0)) / 255)
    return scale, int(round(-128 - min(low, 0) / scale))


def symmetric(weights, axes):
    scales = (np.abs(weights).max(axis=axes, keepdims=True) / 127).astype(np.float32)
    return np.clip(np.round(weights / scales), -127, 127).astype(np.int64), scales.reshape(-1)


def requantize(sums, real):
    """sums * real as MultiplyByQuantizedMultiplier computes it: a doubling high product, then a division by a power of two, each rounded."""
    fraction, exponent = math.frexp(float(real))
    multiplier = round(fraction * 2**31)
    if multiplier == 2**31:
        multiplier, exponent = multiplier // 2, exponent + 1
    product = (sums << max(exponent, 0)) * multiplier
    nudged = product + np.where(product >= 0, 1 << 30, 1 - (1 << 30))
    high = np.where(nudged >= 0, nudged >> 31, -((-nudged) >> 31))
    right = max(-exponent, 0)
    mask = (1 << right) - 1
    remainder = high & mask
    return (high >> right) + (remainder > (mask >> 1) + (high < 0))


def clip(values, zero, lowest=-128):
    return np.clip(values + zero, lowest, 127)


class Tables:
    """The vectors and tables of a flat buffer, by slot number."""

    def __init__(self):
        self.builder = flatbuffers.Builder(1024)

    def vector(self, values, kind):
        return self.builder.CreateNumpyVector(np.asarray(values, dtype=kind))

    def offsets(self, items):
        self.builder.StartVector(4, len(items), 4)
        for item in reversed(items):
            self.builder.PrependUOffsetTRelative(item)
        return self.builder.EndVector()

    def table(self, *slots):
        self.builder.StartObject(max((slot for slot, _, _ in slots), default=0) + 1)
        for slot, kind, value in slots:
            if kind == "offset":
                self.builder.PrependUOffsetTRelativeSlot(slot, value, 0)
            else:
                # A value that equals the default is left out by flatbuffers; none of those here is one that readers must see.
                getattr(self.builder, f"Prepend{kind}Slot")(slot, value, 0)
        return self.builder.EndObject()


def tflite(tensors, operators, inputs, outputs):
    t = Tables()
    buffers, tables, codes = [t.table()], [], sorted({code for code, *_ in operators})
    for name, shape, kind, scales, zero, data, axis in tensors:
        index = 0
        if data is not None:
            buffers.append(t.table((0, "offset", t.vector(np.ascontiguousarray(data).view(np.uint8).reshape(-1), np.uint8))))
            index = len(buffers) - 1
        slots = [(0, "offset", t.vector(shape, np.int32)), (1, "Int8", kind), (2, "Uint32", index), (3, "offset", t.builder.CreateString(name))]
        if scales is not None:
            scale, zeros = t.vector(scales, np.float32), t.vector([zero] * len(scales), np.int64)
            slots.append((4, "offset", t.table((2, "offset", scale), (3, "offset", zeros), (6, "Int32", axis))))
        tables.append(t.table(*slots))
    steps = []
    for code, ins, outs, options_type, options in operators:
        options, ins, outs = t.table(*options), t.vector(ins, np.int32), t.vector(outs, np.int32)
        steps.append(t.table((0, "Uint32", codes.index(code)), (1, "offset", ins), (2, "offset", outs), (3, "Uint8", options_type), (4, "offset", options)))
    tensors, ins, outs, steps = t.offsets(tables), t.vector(inputs, np.int32), t.vector(outputs, np.int32), t.offsets(steps)
    graphs = t.offsets([t.table((0, "offset", tensors), (1, "offset", ins), (2, "offset", outs), (3, "offset", steps))])
    codes = t.offsets([t.table((0, "Int8", code), (2, "Int32", 1), (3, "Int32", code)) for code in codes])
    buffers = t.offsets(buffers)
    t.builder.Finish(t.table((0, "Uint32", 3), (1, "offset", codes), (2, "offset", graphs), (4, "offset", buffers)), file_identifier=b"TFL3")
    return bytes(t.builder.Output())


train, _ = rows("digits.train")
test, digit = rows("digits.test")
kernel, bias, dense, dense_bias = keras_weights()
write("digits.keras.predict.txt", float_network(test, kernel, bias, dense, dense_bias)[1].argmax(1), digit)

# The ranges that a representative data set of the training rows gives. The division by 16 goes into the kernel.
image, logits = float_network(train, kernel, bias, dense, dense_bias)
in_scale, in_zero = affine(0, 16)
image_scale, image_zero = affine(0, image.max())
out_scale, out_zero = affine(logits.min(), logits.max())
conv_q, conv_s = symmetric(kernel.transpose(3, 0, 1, 2) / 16, (1, 2, 3))
dense_q, dense_s = symmetric(dense.T, (0, 1))
conv_bias = np.round(bias / (in_scale * conv_s)).astype(np.int64)
dense_int = np.round(dense_bias / (image_scale * dense_s)).astype(np.int64)

pixels = clip(np.round(test / in_scale).astype(np.int64), in_zero).reshape(-1, 8, 8)
padded = np.pad(pixels - in_zero, ((0, 0), (1, 1), (1, 1)))
patches = np.stack([padded[:, y:y + 8, x:x + 8] for y in range(3) for x in range(3)], axis=-1)
sums = patches @ conv_q.reshape(8, 9).T + conv_bias
conv = np.stack([clip(requantize(sums[..., c], float(in_scale) * float(conv_s[c]) / float(image_scale)), image_zero, image_zero) for c in range(8)], axis=-1)
pooled = conv.reshape(-1, 4, 2, 4, 2, 8).max(axis=(2, 4)).reshape(-1, 128)
sums = (pooled - image_zero) @ dense_q.T + dense_int
write("digits.tflite.predict.txt", clip(requantize(sums, float(image_scale) * float(dense_s[0]) / float(out_scale)), out_zero).argmax(1), digit)

with open(os.path.join(HERE, "digits.tflite"), "wb") as file:
    file.write(tflite(
        [
            ("pixels", [1, 64], INT8, [in_scale], in_zero, None, 0),
            ("image_shape", [4], INT32, None, 0, np.array([1, 8, 8, 1], np.int32), 0),
            ("image", [1, 8, 8, 1], INT8, [in_scale], in_zero, None, 0),
            ("conv2d/kernel", [8, 3, 3, 1], INT8, conv_s, 0, conv_q.astype(np.int8), 0),
            ("conv2d/bias", [8], INT32, in_scale * conv_s, 0, conv_bias.astype(np.int32), 0),
            ("conv2d", [1, 8, 8, 8], INT8, [image_scale], image_zero, None, 0),
            ("max_pooling2d", [1, 4, 4, 8], INT8, [image_scale], image_zero, None, 0),
            ("flat_shape", [2], INT32, None, 0, np.array([1, 128], np.int32), 0),
            ("flatten", [1, 128], INT8, [image_scale], image_zero, None, 0),
            ("dense/kernel", [10, 128], INT8, dense_s, 0, dense_q.astype(np.int8), 0),
            ("dense/bias", [10], INT32, image_scale * dense_s, 0, dense_int.astype(np.int32), 0),
            ("logits", [1, 10], INT8, [out_scale], out_zero, None, 0),
            ("probabilities", [1, 10], INT8, [1 / 256], -128, None, 0),
        ],
        [
            (RESHAPE, [0, 1], [2], 17, []),
            (CONV_2D, [2, 3, 4], [5], 1, [(1, "Int32", 1), (2, "Int32", 1), (3, "Int8", 1), (4, "Int32", 1), (5, "Int32", 1)]),
            (MAX_POOL_2D, [5], [6], 5, [(0, "Int8", 1), (1, "Int32", 2), (2, "Int32", 2), (3, "Int32", 2), (4, "Int32", 2)]),
            (RESHAPE, [6, 7], [8], 17, []),
            (FULLY_CONNECTED, [8, 9, 10], [11], 8, []),
            (SOFTMAX, [11], [12], 9, [(0, "Float32", 1.0)]),
        ],
        [0], [12]))

train, benign = rows("breast_cancer.train")
test, expected = rows("breast_cancer.test")
pipeline = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(train, benign)
write("scikit-learn.predict.txt", pipeline.predict(test), expected)
