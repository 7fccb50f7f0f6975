using EdgeInference.Benchmarks.Contenders;
using EdgeInference.Benchmarks.Models;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.Benchmarks.Cases;

/// <summary>One model for all engines.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Graph">The float32 graph that we export.</param>
/// <param name="Onnx">The same model for ONNX Runtime.</param>
/// <param name="Rows">What is asked.</param>
internal sealed record ModelCase(string Name, Graph Graph, byte[] Onnx, RowSet Rows)
{
    /// <summary>Rows of one call; more than 1 for RunBatch.</summary>
    internal int Batch { get; init; } = 1;

    /// <summary>Rows from which ranges come.</summary>
    internal IReadOnlyList<float[]> Calibration { get; init; } = [];

    /// <summary>Our precisions, a line of the table each.</summary>
    internal IReadOnlyList<Precision> Precisions { get; init; } = [Precision.Float32, Precision.Int8];

    /// <summary>Who else is asked; ONNX Runtime in float32 is asked always.</summary>
    internal IReadOnlyList<Engine> Peers { get; init; } = [Engine.OnnxInt8, Engine.C];

    /// <summary>Our int8 file, where the model came quantized.</summary>
    internal byte[]? Int8File { get; init; }

    /// <summary>Makes the peer that only this model has: ML.NET, or a function of TensorPrimitives.</summary>
    internal Func<ModelCase, ModelContender>? Own { get; init; }

    /// <summary>Whether C may take -ffast-math, without which gcc neither reorders sums nor takes the exponentials of several numbers at once.</summary>
    internal bool HasFastMath { get; init; }

    /// <summary>Whether multiply-accumulates are what it takes time for.</summary>
    internal bool IsProducts { get; init; } = true;

    /// <summary>What the issue asks.</summary>
    internal IReadOnlyList<Goal> Goals { get; init; } = [];
}
