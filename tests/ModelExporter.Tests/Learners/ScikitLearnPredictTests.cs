using System.Diagnostics;
using System.Globalization;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining.Learners;
using EdgeInference.Runtime;
using EdgeInference.Tool.Execution;

namespace EdgeInference.Tool.Tests.Learners;

/// <summary>
/// A logistic regression of a table with categories and gaps, stated once more with numpy and scikit-learn: the file decides as predict() does,
/// on rows with gaps and with categories that training never saw, whichever engine runs it. Skipped where Debian's python3-sklearn is absent.
/// </summary>
public sealed class ScikitLearnPredictTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    // Columns t (number, gaps in a tenth), c (three categories), f (two), y. Prints P(1) of each test row.
    private const string Script = """
        import csv, sys
        import numpy as np
        from sklearn.linear_model import LogisticRegression
        def read(path):
            rows = list(csv.DictReader(open(path)))
            return np.array([float(r['t']) if r['t'] else np.nan for r in rows]), [r['c'] for r in rows], [r['f'] for r in rows], np.array([int(r['y']) for r in rows])
        t, c, f, y = read(sys.argv[1])
        present = t[~np.isnan(t)]
        mean, deviation, median = present.mean(), present.std(), np.median(present)
        def encode(t, c, f):
            z = (np.where(np.isnan(t), median, t) - mean) / deviation
            return np.column_stack([z, np.isnan(t)] + [[text == k for text in c] for k in sorted({'blue', 'green', 'red'})] + [[text == 'yes' for text in f]]).astype(float)
        model = LogisticRegression(C=1, tol=1e-12, max_iter=100000).fit(encode(t, c, f), y)
        t, c, f, y = read(sys.argv[2])
        x = encode(t, c, f)
        for p, label in zip(model.predict_proba(x)[:, 1], model.predict(x)):
            print(repr(float(p)), int(label))
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("edge-sklearn-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_file_decides_as_scikit_learn_predicts()
    {
        Assert.SkipUnless(Run("-c", "import sklearn, numpy").ExitCode == 0, "python3-sklearn is not here");
        string train = Write("train.csv", 401, seed: 0, "blue", "green", "red");
        string test = Write("test.csv", 200, seed: 5, "blue", "green", "red", "violet");
        string script = Path.Combine(folder, "model.py");
        File.WriteAllText(script, Script);
        (int exitCode, string text) = Run(script, train, test);
        Assert.True(exitCode == 0, text);
        (double P, int Label)[] expected = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).Select(parts => (double.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture)))];
        Assert.Equal(200, expected.Length);

        LabelledTable table = Notices.Collect([], () => TrainingTable.Read(train, "y"));
        IFittedClassifier fitted = new LogisticRegression(1).Fit(table, [.. Enumerable.Range(0, table.Rows.Count)], null, 1);
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(EdgeInference.ModelConverter.Optimize.GraphOptimizer.Optimize(fitted.ToGraph())));
        IReadOnlyList<float[]> rows = Notices.Collect([], () => LabelledRows.Read(test, "y", model)).Rows;
        using var classifier = new Classifier(model);
        DecisionRule rule = ModelRule.Of(model);
        foreach (EngineKind kind in Enum.GetValues<EngineKind>())
        {
            using IEngine engine = Engines.Create(kind, model);
            float[][] outputs = engine.RunAll(model, rows);
            for (int i = 0; i < outputs.Length; i++)
            {
                Assert.True(Math.Abs(outputs[i][0] - expected[i].P) < 1e-4, $"{kind}, row {i + 1}: {outputs[i][0]}, scikit-learn {expected[i].P}");
                int called = RowDecision.Of(rule, outputs[i]).Called;
                Assert.Equal(expected[i].Label, called);
                Assert.Equal(called.ToString(CultureInfo.InvariantCulture), classifier.Classify(rows[i]).ClassText);
            }
        }
    }

    private static (int ExitCode, string Text) Run(params string[] arguments)
    {
        if (!File.Exists(Python))
        {
            return (-1, "");
        }

        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? text : error.Result);
    }

    private string Write(string name, int count, int seed, params string[] colours)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, "t,c,f,y\n" + string.Concat(Enumerable.Range(seed, count).Select(i =>
        {
            double t = ((i * 37 % 101) / 7.0) + (i * 13 % 17 / 19.0);
            int c = i * 7 % colours.Length;
            bool f = i * 11 % 5 < 2;
            bool y = (t > 8) ^ (i * 29 % 23 < 4) ^ (c == 1 && f && i % 3 == 0);
            return string.Create(CultureInfo.InvariantCulture, $"{(i % 10 == 3 ? "" : $"{t:0.0000}")},{colours[c]},{(f ? "yes" : "no")},{(y ? 1 : 0)}\n");
        })));
        return path;
    }
}
