"""Fits scikit-learn classifiers and writes each as ONNX, with what its own predict() and predict_proba() say of held-out rows.

Run by hand, in this folder: python3 generate_sklearn.py
Needs scikit-learn 1.2, onnx and skl2onnx; the tests need none of them. README.md beside this file says what is where.
"""
import copy
import json
import os
import warnings

warnings.filterwarnings("ignore")
import numpy as np
import pandas as pd
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.decomposition import PCA
from sklearn.ensemble import (AdaBoostClassifier, BaggingClassifier, ExtraTreesClassifier, GradientBoostingClassifier,
                              HistGradientBoostingClassifier, RandomForestClassifier, StackingClassifier, VotingClassifier)
from sklearn.feature_selection import SelectKBest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import (LogisticRegression, PassiveAggressiveClassifier, Perceptron, RidgeClassifier, SGDClassifier)
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (Binarizer, MaxAbsScaler, MinMaxScaler, Normalizer, OneHotEncoder, PolynomialFeatures, RobustScaler, StandardScaler)
from sklearn.svm import SVC, LinearSVC, NuSVC
from sklearn.tree import DecisionTreeClassifier

OPSET = {"": 15, "ai.onnx.ml": 3}
DATA = "../../../../data"
OUT = "sklearn"

# Positions of the columns that are kinds, not quantities, in the models of named columns.
WHOLE = (5, 8)

# Where skl2onnx gives votes or normalised scores, and scikit-learn something else.
VOTES = ("svc_three", "svc_texts_three", "svc_ints_three", "svc_linear_three", "svc_poly_three", "svc_sigmoid_three", "svc_ovo_three", "one_vs_one_two", "one_vs_one_three")

# Where the ONNX file gives other probabilities than scikit-learn, by ONNX Runtime too: the tests hold them to that.
OTHER_VALUES = ("lda_two", "multinomial_nb_two", "calibrated_isotonic_two", "calibrated_isotonic_three")

# Where the label of the ONNX file itself, by ONNX Runtime, is not scikit-learn's: faults of the converter, and distances that are equal in float32.
OTHER_LABELS = ("one_vs_rest_svc_two", "sgd_huber_three", "neighbours_two")


def table(path):
    rows = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.float32)
    return rows[:, :-1], rows[:, -1].astype(np.int64)


def iris():
    x, y = load_iris(return_X_y=True)
    x = x.astype(np.float32)
    order = np.random.RandomState(7).permutation(len(x))
    x, y = x[order], y[order]
    names = ["sepal_length", "sepal_width", "petal_length", "petal_width", "species"]
    with open("iris.test.csv", "w", newline="\n") as file:
        file.write(",".join(names) + "\n")
        for row, label in zip(x[90:], y[90:]):
            file.write(",".join(repr(float(str(v))) for v in row) + f",{label}\n")
    return (x[:90], y[:90]), (x[90:], y[90:])


def texts(classes):
    return [str(c) for c in classes]


def digits(value):
    return float(np.format_float_positional(np.float32(value), unique=True))


def write(collected, name, model, data, relabel=None, options=None, missing=False, double=False):
    (x, y), (rows, _), path = data
    if relabel is not None:
        y = np.array(relabel)[y]
    if missing:
        x, rows = holes(x, 1), holes(rows, 2)
    model.fit(x.astype(np.float64) if double else x, y)
    if options is not None:
        # Of a pipeline's last step where that is the classifier which takes them.
        last = model.steps[-1][1] if hasattr(model, "steps") else model
        options = {id(last if "raw_scores" in options else model): options}
    try:
        onnx_model = to_onnx(model, x[:1].astype(np.float64) if double else x[:1], target_opset=OPSET, options=options)
    except Exception as error:
        print(name, "NOT CONVERTED", type(error).__name__, str(error)[:200].replace("\n", " "))
        return
    with open(os.path.join(OUT, name + ".onnx"), "wb") as file:
        file.write(onnx_model.SerializeToString())
    expected = {"name": name, "classes": texts(model.classes_)}
    predicted = model.predict(rows)
    expected["predicted"] = [int(np.flatnonzero(model.classes_ == p)[0]) for p in predicted]
    p = None
    if hasattr(model, "predict_proba") and not (options and any("raw_scores" in given for given in options.values())):
        p = model.predict_proba(rows)
    elif hasattr(model, "decision_function") and not name.endswith(VOTES):
        p = model.decision_function(rows)
    if "svc_probability" in name and name.endswith("_three"):
        # predict() of a support vector classifier counts votes, and its probabilities can have another highest: the file decides by these.
        expected["votes"] = expected["predicted"]
        expected["predicted"] = [int(i) for i in p.argmax(axis=1)]
    if name in OTHER_VALUES:
        expected["values"] = "onnxruntime"
    elif p is not None:
        expected["values"] = [digits(v) for v in p] if p.ndim == 1 else [digits(row[1]) if len(row) == 2 else [digits(v) for v in row] for row in p]
    if missing:
        expected["missing"] = [[int(i) for i in np.flatnonzero(np.isnan(row))] for row in rows]
    collected.setdefault(path, []).append(expected)


def holes(x, seed):
    x = x.copy()
    random = np.random.RandomState(seed)
    x[random.rand(*x.shape) < 0.1] = np.nan
    return x


def cases():
    lr = lambda **k: LogisticRegression(max_iter=2000, **k)
    yield "logreg", lr(), {}
    yield "logreg_no_zipmap", lr(), {"options": {"zipmap": False}}
    yield "logreg_zipmap_columns", lr(), {"options": {"zipmap": "columns"}}
    yield "logreg_raw_scores", lr(), {"options": {"raw_scores": True, "zipmap": False}}
    yield "logreg_texts", lr(), {"texts": True}
    yield "logreg_texts_no_zipmap", lr(), {"texts": True, "options": {"zipmap": False}}
    yield "logreg_texts_zipmap_columns", lr(), {"texts": True, "options": {"zipmap": "columns"}}
    yield "logreg_ints", lr(), {"ints": True}
    yield "logreg_signed", lr(), {"signed": True}
    yield "logreg_signed_no_zipmap", lr(), {"signed": True, "options": {"zipmap": False}}
    yield "logreg_ovr", lr(multi_class="ovr"), {}
    yield "logreg_multinomial", lr(multi_class="multinomial"), {}
    yield "logreg_double", lr(), {"double": True, "options": {"zipmap": False}}
    yield "scaler_logreg", make_pipeline(StandardScaler(), lr()), {"texts": True}
    yield "minmax_logreg", make_pipeline(MinMaxScaler(), lr()), {}
    yield "maxabs_normalizer_logreg", make_pipeline(MaxAbsScaler(), Normalizer(), lr()), {}
    yield "robust_pca_logreg", make_pipeline(RobustScaler(), PCA(3), lr()), {}
    yield "select_poly_logreg", make_pipeline(SelectKBest(k=3), PolynomialFeatures(2), StandardScaler(), lr()), {}
    yield "imputer_scaler_logreg", make_pipeline(SimpleImputer(), StandardScaler(), lr()), {"missing": True}
    yield "imputer_tree", make_pipeline(SimpleImputer(strategy="median"), DecisionTreeClassifier(max_depth=3, random_state=1)), {"missing": True}
    yield "sgd_log", make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", random_state=1)), {}
    yield "sgd_hinge", make_pipeline(StandardScaler(), SGDClassifier(random_state=1)), {"texts": True}
    yield "sgd_huber", make_pipeline(StandardScaler(), SGDClassifier(loss="modified_huber", random_state=1)), {}
    yield "perceptron", make_pipeline(StandardScaler(), Perceptron(random_state=1)), {}
    yield "passive_aggressive", make_pipeline(StandardScaler(), PassiveAggressiveClassifier(random_state=1)), {}
    yield "ridge", RidgeClassifier(), {}
    yield "linear_svc", make_pipeline(StandardScaler(), LinearSVC(random_state=1)), {"ints": True, "options": {"raw_scores": False}}
    yield "linear_svc_signed", make_pipeline(StandardScaler(), LinearSVC(random_state=1)), {"signed": True, "options": {"raw_scores": True}}
    yield "svc", SVC(), {}
    yield "svc_texts", SVC(), {"texts": True}
    yield "svc_ints", SVC(), {"ints": True}
    yield "svc_linear", SVC(kernel="linear"), {}
    yield "svc_poly", SVC(kernel="poly", degree=2), {}
    yield "svc_sigmoid", make_pipeline(StandardScaler(), SVC(kernel="sigmoid", gamma=0.1)), {}
    yield "svc_ovo", SVC(decision_function_shape="ovo"), {}
    yield "svc_probability", SVC(probability=True, random_state=1), {}
    yield "svc_probability_texts", SVC(probability=True, random_state=1), {"texts": True}
    yield "svc_probability_signed", SVC(probability=True, random_state=1), {"signed": True}
    yield "nu_svc", NuSVC(nu=0.1), {}
    yield "nu_svc_probability", NuSVC(nu=0.1, probability=True, random_state=1), {}
    yield "tree", DecisionTreeClassifier(max_depth=2, random_state=1), {}
    yield "tree_texts", DecisionTreeClassifier(max_depth=3, random_state=1), {"texts": True}
    yield "tree_ints", DecisionTreeClassifier(max_depth=3, random_state=1), {"ints": True}
    yield "tree_full", DecisionTreeClassifier(random_state=1), {"signed": True}
    yield "forest_even", RandomForestClassifier(10, max_features=1, random_state=1), {}
    yield "forest_two_trees", RandomForestClassifier(2, max_depth=None, max_features=1, random_state=1), {"texts": True}
    yield "extra_trees", ExtraTreesClassifier(6, max_features=1, random_state=2), {"ints": True}
    yield "bagging", BaggingClassifier(n_estimators=4, random_state=1), {}
    yield "gradient_boosting", GradientBoostingClassifier(n_estimators=8, max_depth=2, random_state=1), {}
    yield "gradient_boosting_texts", GradientBoostingClassifier(n_estimators=8, max_depth=2, random_state=1), {"texts": True}
    yield "hist_gradient_boosting", HistGradientBoostingClassifier(max_iter=8, max_leaf_nodes=5, random_state=1), {}
    yield "hist_gradient_boosting_missing", HistGradientBoostingClassifier(max_iter=8, max_leaf_nodes=5, random_state=1), {"missing": True, "ints": True}
    yield "ada_boost", AdaBoostClassifier(n_estimators=5, random_state=1), {}
    yield "ada_boost_samme", AdaBoostClassifier(n_estimators=5, algorithm="SAMME", random_state=1), {}
    yield "mlp", make_pipeline(StandardScaler(), MLPClassifier((6,), max_iter=400, random_state=1)), {}
    yield "mlp_texts", make_pipeline(StandardScaler(), MLPClassifier((6,), activation="tanh", max_iter=400, random_state=1)), {"texts": True}
    yield "mlp_ints", make_pipeline(StandardScaler(), MLPClassifier((6,), activation="logistic", max_iter=400, random_state=1)), {"ints": True, "options": {"zipmap": False}}
    yield "gaussian_nb", GaussianNB(), {"texts": True}
    yield "bernoulli_nb", make_pipeline(Binarizer(threshold=3.0), BernoulliNB()), {}
    yield "multinomial_nb", MultinomialNB(), {}
    yield "complement_nb", ComplementNB(), {}
    yield "neighbours", KNeighborsClassifier(4), {}
    yield "lda", LinearDiscriminantAnalysis(), {"ints": True}
    yield "qda", QuadraticDiscriminantAnalysis(reg_param=0.1), {}
    yield "calibrated_sigmoid", CalibratedClassifierCV(LinearSVC(random_state=1), cv=2), {}
    yield "calibrated_isotonic", CalibratedClassifierCV(GaussianNB(), method="isotonic", cv=2), {}
    yield "voting_soft", VotingClassifier([("a", lr()), ("b", DecisionTreeClassifier(max_depth=2, random_state=1))], voting="soft", flatten_transform=False), {"texts": True}
    yield "voting_hard", VotingClassifier([("a", lr()), ("b", DecisionTreeClassifier(max_depth=2, random_state=1)), ("c", GaussianNB())], flatten_transform=False), {}
    yield "stacking", StackingClassifier([("a", lr()), ("b", DecisionTreeClassifier(max_depth=2, random_state=1))]), {}
    yield "one_vs_rest", OneVsRestClassifier(lr()), {"texts": True}
    yield "one_vs_rest_svc", OneVsRestClassifier(LinearSVC(random_state=1)), {}
    yield "one_vs_one", OneVsOneClassifier(lr()), {}


def named(collected, test_path, train, test, columns):
    """A table of named columns, some of them whole numbers: an input for each."""
    frame = lambda x: pd.DataFrame({name: x[:, i].astype(np.int64 if i in WHOLE else np.float32) for i, name in enumerate(columns)})
    whole = [columns[i] for i in WHOLE]
    rest = [name for i, name in enumerate(columns) if i not in WHOLE]
    steps = ColumnTransformer([("scaled", StandardScaler(), rest), ("kinds", OneHotEncoder(handle_unknown="ignore", sparse=False), whole)])
    texts_of = np.array(["healthy", "cancer"])
    for name, classifier in (("columns_logreg_two", LogisticRegression(max_iter=2000)), ("columns_forest_two", RandomForestClassifier(4, max_depth=3, random_state=1))):
        model = make_pipeline(steps, classifier).fit(frame(train[0]), texts_of[train[1]])
        types = [(column, (Int64TensorType if column in whole else FloatTensorType)([None, 1])) for column in columns]
        onnx_model = to_onnx(model, initial_types=types, target_opset=OPSET)
        with open(os.path.join(OUT, name + ".onnx"), "wb") as file:
            file.write(onnx_model.SerializeToString())
        rows = frame(test[0])
        collected[test_path].append({
            "name": name,
            "classes": texts(model.classes_),
            "predicted": [int(np.flatnonzero(model.classes_ == p)[0]) for p in model.predict(rows)],
            "values": [digits(row[1]) for row in model.predict_proba(rows)],
            "named": True,
        })


def main():
    os.makedirs(OUT, exist_ok=True)
    train, test = iris()
    two = (table(f"{DATA}/breast_original.train.csv"), table(f"{DATA}/breast_original.test.csv"), "breast_original.test.csv")
    three = (train, test, "iris.test.csv")
    collected = {}
    for name, model, facts in cases():
        arguments = {key: facts[key] for key in ("options", "missing", "double") if key in facts}
        for suffix, data, labels in (("two", two, {"texts": ["healthy", "cancer"], "ints": [7, 3], "signed": [-1, 1]}), ("three", three, {"texts": ["setosa", "versicolor", "Iris virginica"], "ints": [30, 7, 12], "signed": [-1, 0, 1]})):
            if f"{name}_{suffix}" in OTHER_LABELS:
                continue
            relabel = next((labels[key] for key in labels if facts.get(key)), None)
            write(collected, f"{name}_{suffix}", copy.deepcopy(model), data, relabel, **arguments)
    with open(f"{DATA}/breast_original.test.csv") as file:
        columns = file.readline().strip().split(",")[:-1]
    named(collected, two[2], two[0], two[1], columns)
    for path, expected in collected.items():
        with open(os.path.join(OUT, path.replace(".test.csv", ".json")), "w", newline="\n", encoding="utf-8") as file:
            file.write("[\n" + ",\n".join(json.dumps(case, separators=(",", ":"), ensure_ascii=False) for case in expected) + "\n]\n")


if __name__ == "__main__":
    main()
