using System.Globalization;

namespace EdgeInference.Tool.Tests.Decisions;

/// <summary>The rows that decisions are compared on; the last column of each file is the true class, a number.</summary>
internal static class DecisionData
{
    /// <summary>Two classes of the repository's own data.</summary>
    internal static readonly string BreastOriginal = TestData.Data("breast_original.test.csv");

    /// <summary>Three classes.</summary>
    internal static readonly string Iris = Path.Combine(Folder, "iris.test.csv");

    /// <summary>The folder of models and predictions.</summary>
    internal static string Folder => Path.Combine(AppContext.BaseDirectory, "TestData", "decisions");

    /// <summary>The names of the features.</summary>
    internal static string[] Features(string path) => File.ReadLines(path).First().Split(',')[..^1];

    /// <summary>The features of every row; NaN where a cell is empty.</summary>
    internal static float[][] Rows(string path) =>
        [.. File.ReadLines(path).Skip(1).Select(line => line.Split(',')[..^1].Select(cell => cell.Length == 0 ? float.NaN : float.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];

    /// <summary>The last column.</summary>
    internal static string[] Labels(string path) => [.. File.ReadLines(path).Skip(1).Select(line => line[(line.LastIndexOf(',') + 1)..])];
}
