using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Benchmarks.Accuracy;

/// <summary>The data sets of the comparison: those of data/, other folders of NAME.train.csv and NAME.test.csv, and those of Debian's packages.</summary>
internal static class AccuracySets
{
    // Label columns of data/; other folders have y.
    private static readonly (string Name, string Label)[] own =
        [("breast_cancer", "benign"), ("breast_original", "malignant"), ("digits", "digit"), ("house_votes", "republican"), ("ionosphere", "good_return"), ("sonar", "mine")];

    /// <summary>All sets that are there.</summary>
    /// <param name="data">The folder data/.</param>
    /// <param name="others">Folders of train and test files whose label is y.</param>
    /// <param name="folder">Where scikit-learn and R packages' sets are written to.</param>
    internal static IEnumerable<AccuracySet> All(string data, string[] others, string folder)
    {
        foreach ((string name, string label) in own)
        {
            yield return Joined(name, Path.Combine(data, name), label);
        }

        foreach (string train in others.SelectMany(other => Directory.GetFiles(other, "*.train.csv")).Order(StringComparer.Ordinal))
        {
            string stem = train[..^".train.csv".Length];
            yield return Joined(Path.GetFileName(stem), stem, "y");
        }

        foreach (string path in Directory.GetFiles(folder, "*.csv").Order(StringComparer.Ordinal))
        {
            yield return AccuracySet.Read(path);
        }
    }

    private static AccuracySet Joined(string name, string stem, string label)
    {
        LabelledTable train = CsvTable.ReadLabelled(stem + ".train.csv", label);
        LabelledTable test = CsvTable.ReadLabelled(stem + ".test.csv", label, train.Classes);
        return new AccuracySet(name, train with { Rows = [.. train.Rows, .. test.Rows], Labels = [.. train.Labels, .. test.Labels] });
    }
}
