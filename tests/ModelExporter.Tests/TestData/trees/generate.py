"""Writes the forests of this folder (scikit-learn 1.2.1, skl2onnx 1.21), and the probabilities that scikit-learn itself gives: python3 generate.py"""
import numpy as np
import pandas as pd
from skl2onnx import to_onnx
from sklearn.ensemble import RandomForestClassifier

train, test = (pd.read_csv(f"../../../../data/breast_cancer.{part}.csv") for part in ("train", "test"))
x, y = train.iloc[:, :-1].values.astype(np.float32), train.benign.values
rows = test.iloc[:, :-1].values.astype(np.float32)
for trees, seed, nodes in ((10, 12, 310), (50, 179, 1564)):
    model = RandomForestClassifier(trees, random_state=seed).fit(x, y)
    assert sum(tree.tree_.node_count for tree in model.estimators_) == nodes
    onnx = to_onnx(model, x[:1], options={id(model): {"zipmap": False}})
    with open(f"forest_{nodes}.onnx", "wb") as file:
        file.write(onnx.SerializeToString())
    np.save(f"forest_{nodes}.expected.npy", model.predict_proba(rows)[:, 1].astype(np.float32))
