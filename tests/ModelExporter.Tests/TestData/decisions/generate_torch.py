"""Trains small PyTorch classifiers and exports each as ONNX, with what PyTorch itself decides on held-out rows.

Run by hand, in this folder, after generate_sklearn.py: python3 generate_torch.py
Needs PyTorch 1.13 and numpy (Debian's python3-torch); the tests need neither. README.md beside this file says what is where.
"""
import json
import os

import numpy as np
import torch
from torch import nn

DATA = "../../../../data"
OUT = "torch"


def table(path):
    rows = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.float32)
    return torch.tensor(rows[:, :-1]), torch.tensor(rows[:, -1].astype(np.int64))


def net(inputs, outputs, *tail):
    return nn.Sequential(nn.BatchNorm1d(inputs), nn.Linear(inputs, 6), nn.ReLU(), nn.Linear(6, outputs), *tail)


class Squeezed(nn.Module):
    """One logit without its axis, as BCEWithLogitsLoss likes it."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return self.inner(x).squeeze(1)


def train(model, x, y, loss):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(150):
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()
    return model.eval()


def main():
    os.makedirs(OUT, exist_ok=True)
    binary = table(f"{DATA}/breast_original.train.csv"), table(f"{DATA}/breast_original.test.csv"), "breast_original"
    several = table("iris.test.csv"), table("iris.test.csv"), "iris"
    bce = lambda out, y: nn.functional.binary_cross_entropy_with_logits(out.reshape(-1), y.float())
    shares = lambda out, y: nn.functional.binary_cross_entropy(out.reshape(-1), y.float())
    cases = [
        ("one_logit", net(9, 1), bce, binary, "logits"),
        ("one_logit_squeezed", Squeezed(net(9, 1)), bce, binary, "logits"),
        ("one_sigmoid", net(9, 1, nn.Sigmoid()), shares, binary, None),
        ("two_logits", net(9, 2), nn.functional.cross_entropy, binary, "logits"),
        ("two_softmax", net(9, 2, nn.Softmax(dim=1)), lambda out, y: nn.functional.nll_loss(out.log(), y), binary, None),
        ("two_log_softmax", net(9, 2, nn.LogSoftmax(dim=1)), nn.functional.nll_loss, binary, None),
        ("three_logits", net(4, 3), nn.functional.cross_entropy, several, "logits"),
        ("three_softmax", net(4, 3, nn.Softmax(dim=1)), lambda out, y: nn.functional.nll_loss(out.log(), y), several, None),
        ("three_log_softmax", net(4, 3, nn.LogSoftmax(dim=1)), nn.functional.nll_loss, several, None),
    ]
    collected = []
    for name, model, loss, ((x, y), (rows, _), data), head in cases:
        torch.manual_seed(1)
        for module in model.modules():
            if hasattr(module, "reset_parameters"):
                module.reset_parameters()
        train(model, x, y, loss)
        torch.onnx.export(model, rows[:1], f"{OUT}/{name}.onnx", input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "batch"}, "y": {0: "batch"}})
        with torch.no_grad():
            out = model(rows)
        if out.ndim == 1 or out.shape[1] == 1:
            p = out.reshape(-1) if "sigmoid" in name else out.reshape(-1).sigmoid()
            predicted, values = (p > 0.5).long(), p
        else:
            p = out if name.endswith("_softmax") and "log" not in name else out.softmax(dim=1)
            predicted = p.argmax(dim=1)
            values = p[:, 1] if p.shape[1] == 2 else p.gather(1, predicted[:, None])[:, 0]
        collected.append({"name": name, "data": data, "head": head, "predicted": predicted.tolist(), "values": [float(np.format_float_positional(np.float32(v), unique=True)) for v in values]})
    with open(f"{OUT}/expected.json", "w", newline="\n") as file:
        file.write("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in collected) + "\n]\n")


if __name__ == "__main__":
    main()
