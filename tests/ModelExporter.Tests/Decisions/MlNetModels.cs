using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace EdgeInference.Tool.Tests.Decisions;

/// <summary>Trains with ML.NET, writes the ONNX file that its converter makes, and asks ML.NET itself about every row.</summary>
internal static class MlNetModels
{
    /// <summary>The columns of the two tables.</summary>
    internal static readonly string[] TwoFeatures = DecisionData.Features(DecisionData.BreastOriginal);

    internal static readonly string[] ThreeFeatures = DecisionData.Features(DecisionData.Iris);

    /// <summary>Every binary trainer whose models ML.NET's converter can write: not LdSvm, Gam and the factorization machine.</summary>
    internal static readonly Dictionary<string, Func<BinaryClassificationCatalog, IEstimator<ITransformer>>> Binary = new()
    {
        ["LbfgsLogisticRegression"] = catalog => catalog.Trainers.LbfgsLogisticRegression(),
        ["SdcaLogisticRegression"] = catalog => catalog.Trainers.SdcaLogisticRegression(maximumNumberOfIterations: 30),
        ["SdcaNonCalibrated"] = catalog => catalog.Trainers.SdcaNonCalibrated(maximumNumberOfIterations: 30),
        ["SgdCalibrated"] = catalog => catalog.Trainers.SgdCalibrated(numberOfIterations: 5),
        ["SgdNonCalibrated"] = catalog => catalog.Trainers.SgdNonCalibrated(numberOfIterations: 5),
        ["AveragedPerceptron"] = catalog => catalog.Trainers.AveragedPerceptron(),
        ["LinearSvm"] = catalog => catalog.Trainers.LinearSvm(),
        ["FastTree"] = catalog => catalog.Trainers.FastTree(numberOfTrees: 5, numberOfLeaves: 4),
        ["FastForest"] = catalog => catalog.Trainers.FastForest(numberOfTrees: 6, numberOfLeaves: 4),
        ["LightGbm"] = catalog => catalog.Trainers.LightGbm(numberOfIterations: 5, numberOfLeaves: 4),
    };

    /// <summary>Every such trainer for several classes: not PairwiseCoupling.</summary>
    internal static readonly Dictionary<string, Func<MulticlassClassificationCatalog, MLContext, IEstimator<ITransformer>>> Several = new()
    {
        ["LbfgsMaximumEntropy"] = (catalog, _) => catalog.Trainers.LbfgsMaximumEntropy(),
        ["SdcaMaximumEntropy"] = (catalog, _) => catalog.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 30),
        ["SdcaNonCalibrated"] = (catalog, _) => catalog.Trainers.SdcaNonCalibrated(maximumNumberOfIterations: 30),
        ["OneVersusAll(LbfgsLogisticRegression)"] = (catalog, ml) => catalog.Trainers.OneVersusAll(ml.BinaryClassification.Trainers.LbfgsLogisticRegression()),
        ["OneVersusAll(AveragedPerceptron)"] = (catalog, ml) => catalog.Trainers.OneVersusAll(ml.BinaryClassification.Trainers.AveragedPerceptron()),
        ["OneVersusAll(FastTree)"] = (catalog, ml) => catalog.Trainers.OneVersusAll(ml.BinaryClassification.Trainers.FastTree(numberOfTrees: 3, numberOfLeaves: 3)),
        ["NaiveBayes"] = (catalog, _) => catalog.Trainers.NaiveBayes(),
        ["LightGbm"] = (catalog, _) => catalog.Trainers.LightGbm(numberOfIterations: 4, numberOfLeaves: 4),
    };

    /// <summary>Trains a binary classifier on named columns.</summary>
    internal static DecisionCase OfTwo(string name, string folder, Func<MLContext, IEstimator<ITransformer>> steps, bool gaps = false)
    {
        var ml = new MLContext(seed: 1);
        string test = gaps ? Gaps(folder) : DecisionData.BreastOriginal;
        string[] features = TwoFeatures;
        var options = new TextLoader.Options
        {
            HasHeader = true,
            Separators = [','],
            MissingRealsAsNaNs = true,
            Columns = [.. features.Select((feature, i) => new TextLoader.Column(feature, DataKind.Single, i)), new("Label", DataKind.Boolean, features.Length)],
        };
        IDataView rows = ml.Data.LoadFromTextFile(TestData.Data("breast_original.train.csv"), options);
        ITransformer model = steps(ml).Fit(rows);
        string path = Path.Combine(folder, "model.onnx");
        using (FileStream stream = File.Create(path))
        {
            ml.Model.ConvertToOnnx(model, rows, stream);
        }

        IDataView decided = model.Transform(ml.Data.LoadFromTextFile(test, options));
        bool[] labels = [.. decided.GetColumn<bool>("PredictedLabel")];
        string column = decided.Schema.GetColumnOrNull("Probability") is null ? "Score" : "Probability";
        return new DecisionCase(name, path, features, DecisionData.Rows(test), [.. labels.Select(label => label ? "1" : "0")])
        {
            IsNamed = true,
            Values = [.. decided.GetColumn<float>(column)],
        };
    }

    /// <summary>Trains a classifier of irises, whose labels are texts.</summary>
    internal static DecisionCase OfThree(string name, string folder, Func<MLContext, IEstimator<ITransformer>> steps, bool toText, string[]? texts = null)
    {
        var ml = new MLContext(seed: 1);
        string[] species = texts ?? ["virginica", "setosa", "versicolor"];
        string source = DecisionData.Iris;
        string[][] cells = [.. File.ReadLines(source).Select(line => line.Split(','))];
        string path = Path.Combine(folder, "iris.csv");
        File.WriteAllLines(path, cells.Select((line, i) => string.Join(',', [.. line[..^1], i == 0 ? line[^1] : species[int.Parse(line[^1], CultureInfo.InvariantCulture)]])));
        string[] features = ThreeFeatures;
        IDataView rows = ml.Data.LoadFromTextFile(path, new TextLoader.Options
        {
            HasHeader = true,
            Separators = [','],
            Columns = [.. features.Select((feature, i) => new TextLoader.Column(feature, DataKind.Single, i)), new("Species", DataKind.String, features.Length)],
        });
        IEstimator<ITransformer> chain = ml.Transforms.Conversion.MapValueToKey("Label", "Species").Append(steps(ml)).Append(ml.Transforms.Conversion.MapKeyToValue("Text", "PredictedLabel"));
        ITransformer model = (toText ? chain.Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")) : chain).Fit(rows);
        IDataView decided = model.Transform(rows);
        string[] labels = [.. decided.GetColumn<ReadOnlyMemory<char>>("Text").Select(text => text.ToString())];
        VBuffer<ReadOnlyMemory<char>> slots = default;
        decided.Schema["Score"].GetSlotNames(ref slots);
        string[] classes = [.. slots.DenseValues().Select(slot => slot.ToString())];
        float[][] scores = [.. decided.GetColumn<float[]>("Score")];
        string file = Path.Combine(folder, "model.onnx");
        using (FileStream stream = File.Create(file))
        {
            ml.Model.ConvertToOnnx(model, rows, stream);
        }

        return new DecisionCase(name, file, features, DecisionData.Rows(source), labels)
        {
            IsNamed = true,
            Values = [.. scores.Select((row, i) => row[Array.IndexOf(classes, labels[i])])],
        };
    }

    // Every seventh cell is empty.
    private static string Gaps(string folder)
    {
        string path = Path.Combine(folder, "gaps.csv");
        File.WriteAllLines(path, File.ReadLines(DecisionData.BreastOriginal).Select((line, row) =>
            string.Join(',', line.Split(',').Select((cell, i) => row > 0 && i < TwoFeatures.Length && ((row * 3) + i) % 7 == 0 ? "" : cell))));
        return path;
    }
}
