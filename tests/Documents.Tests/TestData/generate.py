"""Writes digits.keras beside this script: the model of docs/how-do-i/keras.md, trained with PyTorch and saved as Keras 3 saves it.

Needs Debian's python3-h5py, python3-numpy and python3-torch; run it from the repository's root. Prints the accuracy on
data/digits.test.csv in float32, which KerasPageModelTests knows.
"""

import io
import json
import os
import zipfile

import h5py
import numpy as np
import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))


def rows(path):
    table = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.float32)
    return torch.from_numpy(table[:, :-1]), torch.from_numpy(table[:, -1].astype(np.int64))


torch.manual_seed(1)
torch.set_num_threads(1)
conv = torch.nn.Conv2d(1, 8, 3, padding=1)
dense = torch.nn.Linear(8 * 4 * 4, 10)


def logits(x):
    image = F.max_pool2d(F.relu(conv(x.reshape(-1, 1, 8, 8) / 16)), 2)
    # Keras flattens with the channels last.
    return dense(image.permute(0, 2, 3, 1).flatten(1))


x, y = rows("data/digits.train.csv")
optimizer = torch.optim.Adam([*conv.parameters(), *dense.parameters()], lr=0.002)
for epoch in range(40):
    for batch in torch.randperm(len(x)).split(32):
        optimizer.zero_grad()
        F.cross_entropy(logits(x[batch]), y[batch]).backward()
        optimizer.step()

x, y = rows("data/digits.test.csv")
right = int((logits(x).argmax(1) == y).sum())
print(f"{right} of {len(x)}")


def layer(kind, name, **settings):
    return {"module": "keras.layers", "class_name": kind, "config": {"name": name, "trainable": True, "dtype": "float32", **settings}, "registered_name": None}


config = {
    "module": "keras", "class_name": "Sequential", "registered_name": None,
    "config": {"name": "digits", "trainable": True, "dtype": "float32", "layers": [
        {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [None, 64], "dtype": "float32", "sparse": False, "name": "input_layer"}, "registered_name": None},
        layer("Rescaling", "rescaling", scale=1 / 16, offset=0.0),
        layer("Reshape", "reshape", target_shape=[8, 8, 1]),
        layer("Conv2D", "conv2d", filters=8, kernel_size=[3, 3], strides=[1, 1], padding="same", data_format="channels_last", dilation_rate=[1, 1], groups=1, activation="relu", use_bias=True),
        layer("MaxPooling2D", "max_pooling2d", pool_size=[2, 2], padding="valid", strides=[2, 2], data_format="channels_last"),
        layer("Flatten", "flatten", data_format="channels_last"),
        layer("Dense", "dense", units=10, activation="softmax", use_bias=True),
    ], "build_input_shape": [None, 64]},
    "compile_config": {"optimizer": "adam", "loss": "sparse_categorical_crossentropy"},
}

weights = io.BytesIO()
with h5py.File(weights, "w", track_order=False) as file:
    for name, tensors in {"conv2d": [conv.weight.permute(2, 3, 1, 0), conv.bias], "dense": [dense.weight.t(), dense.bias]}.items():
        group = file.create_group(f"layers/{name}/vars")
        for i, tensor in enumerate(tensors):
            group.create_dataset(f"{i}", data=np.ascontiguousarray(tensor.detach().numpy()))

with zipfile.ZipFile(os.path.join(HERE, "digits.keras"), "w", zipfile.ZIP_DEFLATED) as archive:
    for name, data in {"metadata.json": json.dumps({"keras_version": "3.10.0"}).encode(), "config.json": json.dumps(config).encode(), "model.weights.h5": weights.getvalue()}.items():
        archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
