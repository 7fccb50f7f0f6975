using EdgeInference.Benchmarks.Models;

namespace EdgeInference.Benchmarks.Contenders;

/// <summary>One function of the library over spans.</summary>
internal sealed class FunctionContender(RowSet rows, FunctionContender.Function function) : ModelContender(Engine.TensorPrimitives, rows, rows.Length)
{
    /// <summary>Writes a function of each number, or of all of them.</summary>
    internal delegate void Function(ReadOnlySpan<float> x, Span<float> y);

    public override void Run(int times)
    {
        for (int i = 0; i < times; i++)
        {
            function(Rows.Values.AsSpan(Take() * Rows.Length, Rows.Length), Output);
        }
    }

    public override void Dispose()
    {
    }
}
