using Microsoft.ML.Data;

namespace EdgeInference.Benchmarks.Contenders;

/// <summary>A row as ML.NET reads it.</summary>
internal sealed class MlNetRow
{
    /// <summary>Features of every table that ML.NET is trained on here.</summary>
    internal const int Length = 30;

    [VectorType(Length)]
    public float[] Features { get; set; } = [];

    public bool Label { get; set; }
}

/// <summary>What ML.NET answers.</summary>
internal sealed class MlNetAnswer
{
    public float Score { get; set; }

    public float Probability { get; set; }
}
