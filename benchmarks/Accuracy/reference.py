"""Data sets of scikit-learn and R packages as CSV, and scikit-learn's learners on given splits.

reference.py sets FOLDER [R_LIBRARY...]   writes SET.csv for each set; a header that ends in # is a column of codes of categories
reference.py run FOLDER SET               fits on SET.csv by the test rows in the lines of SET.splits.txt, and prints
                                          learner,split,accuracy,log loss,seconds
reference.py speed FOLDER SET             fits HistGradientBoosting on all rows; prints the median seconds of 3
"""
import csv, os, sys, time, warnings

warnings.filterwarnings("ignore")
import numpy as np

# set: package, file, object, label, columns left out
R_SETS = {
    "pima": ("mlbench", "PimaIndiansDiabetes2", "diabetes", []),
    "glass": ("mlbench", "Glass", "Type", []),
    "vehicle": ("mlbench", "Vehicle", "Class", []),
    "vowel": ("mlbench", "Vowel", "Class", []),
    "soybean": ("mlbench", "Soybean", "Class", []),
    "votes": ("mlbench", "HouseVotes84", "Class", []),
    "dna": ("mlbench", "DNA", "Class", []),
    "satellite": ("mlbench", "Satellite", "classes", []),
    "zoo": ("mlbench", "Zoo", "type", []),
    "spam": ("kernlab", "spam", "type", []),
    "musk": ("kernlab", "musk", "Class", []),
    "birthwt": ("MASS", "birthwt", "low", ["bwt"]),
}


def write(path, header, columns, labels):
    names = sorted({str(v) for v in labels})
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(header + ["y"])
        for i, label in enumerate(labels):
            cells = [column[i] for column in columns]
            out.writerow(["" if v is None or v != v else repr(float(np.float32(v))) for v in cells] + [names.index(str(label))])


def sets(folder, libraries):
    import sklearn.datasets as d

    for name in ("iris", "wine"):
        data = getattr(d, "load_" + name)()
        write(f"{folder}/{name}.csv", [f"f{i}" for i in range(data.data.shape[1])], list(data.data.T), data.target)
    import r_data

    for name, (package, stem, label, without) in R_SETS.items():
        for library in libraries:
            path = f"{library}/{package}/data"
            if os.path.exists(path):
                lazy = os.path.exists(path + "/Rdata.rdx")
                frame = r_data.read_lazy(path, stem) if lazy else next(v for v in r_data.read(f"{path}/{stem}.rda").values() if isinstance(v, r_data.Frame))
                header, columns = [], []
                for key, column in frame.items():
                    if key == label or key in without:
                        continue
                    if any(isinstance(v, str) for v in column):
                        texts = sorted({v for v in column if v is not None})
                        header.append(key + "#")
                        columns.append([None if v is None else texts.index(v) for v in column])
                    else:
                        header.append(key)
                        columns.append(column)
                keep = [i for i, v in enumerate(frame[label]) if v is not None]
                counts = {}
                for i in keep:
                    counts[frame[label][i]] = counts.get(frame[label][i], 0) + 1
                keep = [i for i in keep if counts[frame[label][i]] >= 8]
                write(f"{folder}/{name}.csv", header, [[c[i] for i in keep] for c in columns], [frame[label][i] for i in keep])
                break


def load(folder, name):
    with open(f"{folder}/{name}.csv") as file:
        rows = list(csv.reader(file))
    header = rows[0]
    cells = np.array([[float(v) if v else np.nan for v in row] for row in rows[1:]])
    return header[:-1], cells[:, :-1], cells[:, -1].astype(int)


def learners(header, x):
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    category = np.array([name.endswith("#") for name in header])
    codes, numbers = np.flatnonzero(category), np.flatnonzero(~category)

    def prepared(learner, scale):
        number = [SimpleImputer(strategy="median")] + ([StandardScaler()] if scale else [])
        parts = []
        if len(numbers):
            parts.append(("n", make_pipeline(*number), numbers))
        if len(codes):
            parts.append(("c", make_pipeline(SimpleImputer(strategy="constant", fill_value=-1), OneHotEncoder(handle_unknown="ignore")), codes))
        return make_pipeline(ColumnTransformer(parts), learner)

    return {
        "LogisticRegression": lambda: prepared(LogisticRegression(), False),
        "LogisticRegression, scaled": lambda: prepared(LogisticRegression(), True),
        "MLPClassifier, scaled": lambda: prepared(MLPClassifier(random_state=0), True),
        "RandomForest": lambda: prepared(RandomForestClassifier(random_state=0), False),
        "HistGradientBoosting": lambda: HistGradientBoostingClassifier(random_state=0, categorical_features=category if category.any() else None),
    }


def run(folder, name):
    from sklearn.metrics import accuracy_score, log_loss

    header, x, y = load(folder, name)
    for split, line in enumerate(open(f"{folder}/{name}.splits.txt")):
        test = np.zeros(len(y), bool)
        test[[int(i) for i in line.split()]] = True
        for learner, make in learners(header, x).items():
            start = time.perf_counter()
            model = make().fit(x[~test], y[~test])
            p = model.predict_proba(x[test])
            seconds = time.perf_counter() - start
            accuracy = accuracy_score(y[test], model.classes_[p.argmax(1)])
            print(f"{learner.replace(',', ';')},{split},{accuracy},{log_loss(y[test], p, labels=np.unique(y))},{seconds}", flush=True)


def speed(folder, name):
    from sklearn.ensemble import HistGradientBoostingClassifier

    _, x, y = load(folder, name)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        HistGradientBoostingClassifier(random_state=0, early_stopping=False).fit(x, y)
        times.append(time.perf_counter() - start)
    print(sorted(times)[1])


if sys.argv[1] == "sets":
    sets(sys.argv[2], sys.argv[3:])
elif sys.argv[1] == "run":
    run(sys.argv[2], sys.argv[3])
else:
    speed(sys.argv[2], sys.argv[3])
