using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Simd.Int16;

namespace EdgeInference.Runtime.Kernels.Quantized.Recurrent;

/// <summary>The sigmoid and tanh of gates by the operator's table, for fast kernels.</summary>
internal unsafe struct GateTable
{
    /// <summary>The table in the file.</summary>
    internal ushort* Table;

    // Null where the processor has no vectors for them.
    private int* pairs;

    internal static GateTable Of(in BindContext context)
    {
        var table = (ushort*)context.InputData(QuantizedLSTMRule.Table);
        bool vectors = context.Fast && SigmoidVectors.IsSupported;
        return new GateTable
        {
            Table = table,
            pairs = vectors ? (int*)context.Shared((long)SigmoidPairs.Entries * sizeof(int), (nint)table, Fill, isForRunsOnly: true) : null,
        };
    }

    /// <summary>x = sigmoid(x + more).</summary>
    internal readonly void Sigmoid(short* x, short* more, int count)
    {
        int done = pairs == null ? 0 : SigmoidVectors.Sigmoid(x, more, count, pairs);
        SigmoidGates.Sigmoid(x + done, more + done, count - done, Table);
    }

    /// <summary>x = tanh(x + more).</summary>
    internal readonly void Tanh(short* x, short* more, int count)
    {
        int done = pairs == null ? 0 : SigmoidVectors.Tanh(x, more, count, pairs);
        SigmoidGates.Tanh(x + done, more + done, count - done, Table);
    }

    /// <summary>y = tanh(x), x at the position that multiplier and shift give it.</summary>
    internal readonly void Tanh(short* x, int multiplier, int shift, short* y, int count)
    {
        int done = pairs == null ? 0 : SigmoidVectors.Tanh(x, multiplier, shift, y, count, pairs);
        SigmoidGates.Tanh(x + done, multiplier, shift, y + done, count - done, Table);
    }

    private static void Fill(byte* destination, nint table) => SigmoidPairs.Fill((ushort*)table, (int*)destination);
}
