"""Writes the weights fixtures beside this script: PyTorch modules as .safetensors and .npz, with inputs and outputs.

Needs Debian's python3-torch and python3-numpy.
"""

import json
import os
import struct

import numpy as np
import torch
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))


def save_safetensors(path, tensors):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    names = {np.dtype("float32"): "F32", np.dtype("float64"): "F64", np.dtype("float16"): "F16", np.dtype("int64"): "I64"}
    for name, tensor in tensors.items():
        raw = tensor.tobytes()
        header[name] = {"dtype": names[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


class Image(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 6, (3, 2), stride=2, padding=1)
        self.bn1 = nn.BatchNorm2d(6)
        self.depthwise = nn.Conv2d(6, 6, 3, padding="same", groups=6, bias=False)
        self.up = nn.ConvTranspose2d(6, 4, 2, stride=2, padding=1)
        self.act = nn.PReLU(4)
        self.fc = nn.Linear(4, 3)
        self.bn1.running_mean.uniform_(-1, 1)
        self.bn1.running_var.uniform_(0.5, 2)

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.depthwise(y) + y
        y = nn.functional.max_pool2d(y, 2, 1)
        y = self.act(self.up(y))
        y = nn.functional.avg_pool2d(y, 2, padding=1)
        return torch.softmax(self.fc(y.mean((2, 3))), 1)


class Sequence(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(3, 4, 3, dilation=2)
        self.lstm = nn.LSTM(4, 5, num_layers=2, bidirectional=True, batch_first=True)
        self.gru = nn.GRU(10, 4, batch_first=True)
        self.norm = nn.LayerNorm(4)
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        y = nn.functional.gelu(self.conv(x)).permute(0, 2, 1)
        y = self.gru(self.lstm(y)[0])[1][0]
        return self.fc(self.norm(y))


def save(name, module, shape):
    module.eval()
    x = torch.rand(1, *shape) * 2 - 1
    with torch.no_grad():
        y = module(x)
    tensors = {key: value.numpy() for key, value in module.state_dict().items()}
    save_safetensors(os.path.join(HERE, name + ".safetensors"), tensors)
    np.savez_compressed(os.path.join(HERE, name + ".npz"), **tensors)
    np.save(os.path.join(HERE, name + ".input.npy"), x.numpy().reshape(1, -1))
    np.save(os.path.join(HERE, name + ".expected.npy"), y.numpy().reshape(1, -1))


if __name__ == "__main__":
    torch.manual_seed(1)
    save("image", Image(), (2, 9, 8))
    save("sequence", Sequence(), (3, 11))
