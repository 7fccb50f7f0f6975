namespace EdgeInference.ModelTraining.Search;

/// <summary>Weights of rows by class.</summary>
internal static class ClassWeights
{
    /// <summary>n / (classes · rows of the class): all classes weigh the same, and all rows together n.</summary>
    internal static double[] Balanced(int[] labels, int classes) =>
        [.. Enumerable.Range(0, classes).Select(c => (double)labels.Length / (classes * Math.Max(1, labels.Count(label => label == c))))];
}
