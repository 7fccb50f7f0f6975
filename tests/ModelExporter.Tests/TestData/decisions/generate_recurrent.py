# PyTorch 1.13: python3 generate_recurrent.py data recurrent. Classifiers of digits that read a row of 8 pixels a step; float32 ONNX, and the class that PyTorch gives each test row.
import csv, sys, torch, torch.nn as nn
torch.set_num_threads(1)
data = sys.argv[1]; out = sys.argv[2]
def load(name):
    rows = list(csv.DictReader(open(f'{data}/digits.{name}.csv')))
    keys = [k for k in rows[0] if k != 'digit']
    return torch.tensor([[float(r[k]) for k in keys] for r in rows]).view(-1, 8, 8) / 16, torch.tensor([int(r['digit']) for r in rows])
x, y = load('train'); tx, ty = load('test')

class ResetBefore(nn.Module):
    """GRU whose reset gate applies to the state: h~ = tanh(Wx + b + U(r*h) + c), as ONNX with linear_before_reset 0."""
    def __init__(self, n, h):
        super().__init__(); self.g = nn.GRU(n, h, batch_first=True)
    def forward(self, x):
        g = self.g; H = g.hidden_size; h = torch.zeros(x.shape[0], H)
        for t in range(x.shape[1]):
            i = x[:, t] @ g.weight_ih_l0.T + g.bias_ih_l0
            rz = i[:, :2*H] + h @ g.weight_hh_l0[:2*H].T + g.bias_hh_l0[:2*H]
            r, z = torch.sigmoid(rz[:, :H]), torch.sigmoid(rz[:, H:])
            n = torch.tanh(i[:, 2*H:] + (r*h) @ g.weight_hh_l0[2*H:].T + g.bias_hh_l0[2*H:])
            h = (1-z)*n + z*h
        return h
class Net(nn.Module):
    def __init__(self, kind):
        super().__init__(); self.kind = kind; H = 16
        self.cell = {'gru': lambda: nn.GRU(8, H, batch_first=True), 'lstm': lambda: nn.LSTM(8, H, batch_first=True), 'rnn_tanh': lambda: nn.RNN(8, H, batch_first=True),
                     'rnn_relu': lambda: nn.RNN(8, H, batch_first=True, nonlinearity='relu'), 'gru_reset_before': lambda: ResetBefore(8, H)}[kind]()
        self.out = nn.Linear(H, 10)
    def forward(self, x):
        x = x.view(-1, 8, 8) / 16
        if self.kind == 'gru_reset_before' and not torch.onnx.is_in_onnx_export(): h = self.cell(x)
        else:
            cell = self.cell.g if self.kind == 'gru_reset_before' else self.cell
            h = cell(x)[0][:, -1]
        return torch.softmax(self.out(h), 1) if not self.training else self.out(h)
for kind in ['gru', 'gru_reset_before', 'lstm', 'rnn_tanh', 'rnn_relu']:
    torch.manual_seed(7)
    net = Net(kind); opt = torch.optim.Adam(net.parameters(), 0.01); sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 60)
    raw, traw = (x*16).reshape(-1, 64), (tx*16).reshape(-1, 64)
    for epoch in range(60):
        net.train(); perm = torch.randperm(len(x))
        for i in range(0, len(x), 32):
            b = perm[i:i+32]; opt.zero_grad(); nn.functional.cross_entropy(net(raw[b]), y[b]).backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0); opt.step()
        sched.step()
    net.eval()
    with torch.no_grad(): p = net(traw).argmax(1)
    print(kind, len(p), int((p == ty).sum()), float((p == ty).float().mean()), flush=True)
    f = f'{out}/{kind}.onnx'
    torch.onnx.export(net, traw[:1], f, input_names=['pixels'], output_names=['probability'], opset_version=14)
    if kind == 'gru_reset_before':
        d = open(f, 'rb').read(); k = d.index(b'linear_before_reset') + len(b'linear_before_reset'); print(d[k:k+4])
        assert d[k:k+2] == b'\x18\x01'; open(f, 'wb').write(d[:k] + b'\x18\x00' + d[k+2:])
    open(f'{out}/{kind}.predicted.txt', 'w').write(''.join(str(int(v)) for v in p) + '\n')
