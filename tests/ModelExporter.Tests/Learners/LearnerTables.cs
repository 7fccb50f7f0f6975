using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Tests.Learners;

/// <summary>Small tables to learn from, the same in every run.</summary>
internal static class LearnerTables
{
    internal static LabelledTable BreastCancer { get; } = CsvTable.ReadLabelled(TestData.Data("breast_cancer.train.csv"), "benign");

    internal static int[] All(LabelledTable table) => [.. Enumerable.Range(0, table.Labels.Length)];

    /// <summary>A number with gaps, a category of 9 codes with gaps, whole numbers, and a number of many values; the class depends on all but the last.</summary>
    internal static LabelledTable Mixed(int rows, int classes, ulong seed = 3)
    {
        var random = new Xoshiro256(seed);
        var values = new float[rows][];
        var labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float number = random.Next(8) == 0 ? float.NaN : (float)((random.NextDouble() * 4) - 2);
            float category = random.Next(10) == 0 ? float.NaN : random.Next(9);
            float whole = random.Next(5);
            values[i] = [number, category, whole, (float)random.NextDouble() * 1e5f];
            double score = (float.IsNaN(number) ? 1.5 : number) + (category is 1 or 4 or 7 ? 1.5 : -0.5) + (whole * 0.3) + random.NextDouble() - 1;
            labels[i] = i < classes ? i : Math.Clamp((int)Math.Floor(score + (classes / 2.0)), 0, classes - 1);
        }

        string[] categories = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        return new LabelledTable(["number", "category", "whole", "fine"], values, labels, [.. Enumerable.Range(0, classes).Select(c => $"class {c}")]) { Categories = [[], categories, [], []] };
    }
}
