"""Writes the sequence models of this folder (Debian's python3-torch): python3 generate.py

They are trained a little, on the task to follow a noisy wave, so that their states are those of a model in use.
"""
import torch
from torch import nn

STEPS, FEATURES = 24, 3


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(FEATURES, 12, num_layers=2)
        self.head = nn.Linear(12, 2)

    def forward(self, x):
        y, _ = self.lstm(x)
        return torch.tanh(self.head(y))


class Causal(nn.Module):
    """Convolutions that read the present and the past alone."""

    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv1d(FEATURES if i == 0 else 8, 8, 3, dilation=2 ** i) for i in range(3))
        self.head = nn.Conv1d(8, 2, 1)

    def forward(self, x):
        for i, conv in enumerate(self.convs):
            x = torch.relu(conv(nn.functional.pad(x, (2 * 2 ** i, 0))))
        return self.head(x)


def waves(count, seed):
    random = torch.Generator().manual_seed(seed)
    phase = torch.rand(count, 1, FEATURES, generator=random) * 6.28
    speed = 0.2 + torch.rand(count, 1, FEATURES, generator=random)
    clean = torch.sin(phase + speed * torch.arange(STEPS)[None, :, None])
    return clean + 0.1 * torch.randn(clean.shape, generator=random), clean


def train(name, model, layout):
    torch.manual_seed(1)
    optimizer = torch.optim.Adam(model.parameters(), 0.01)
    for step in range(150):
        noisy, clean = waves(32, step)
        loss = nn.functional.mse_loss(model(layout(noisy)), layout(clean[..., :2] * 0.9))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(name, float(loss))
    torch.onnx.export(model.eval(), layout(waves(1, 0)[0]), name + ".onnx", input_names=["input"], output_names=["output"], opset_version=13)


torch.manual_seed(0)
train("lstm", Lstm(), lambda x: x.transpose(0, 1))
train("causal", Causal(), lambda x: x.transpose(1, 2))
