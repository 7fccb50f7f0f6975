using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Report;

/// <summary>A Raspberry Pi and what one core of it is taken to do.</summary>
/// <param name="Name">The board.</param>
/// <param name="Processor">Its processor.</param>
/// <param name="Gigahertz">Clock.</param>
/// <param name="Megabytes">Memory of the smallest variant.</param>
/// <param name="FloatProducts">float32 products a cycle at best: lanes of one 128-bit vector unit, times the units.</param>
/// <param name="IntegerProducts">int8 products a cycle at best; with the dot product instruction four times as many.</param>
internal sealed record PiBoard(string Name, string Processor, double Gigahertz, int Megabytes, int FloatProducts, int IntegerProducts);

/// <summary>
/// What a model is likely to take on a Raspberry Pi: an estimate from clock and vector width, not a measurement. A quarter of
/// the best rate is taken as sustained, and a fixed number of cycles for each operator and element.
/// </summary>
internal static class BoardEstimate
{
    /// <summary>The share of a core's best rate of products that small layers are taken to reach.</summary>
    internal const double Sustained = 0.25;

    /// <summary>Cycles taken for the call of an operator.</summary>
    internal const int OperatorCycles = 150;

    /// <summary>Cycles taken for an element of a function or a conversion.</summary>
    internal const int ElementCycles = 12;

    /// <summary>The boards. Clock and memory: the makers' product pages; units and dot product: Arm's descriptions of the cores.</summary>
    internal static IReadOnlyList<PiBoard> Boards { get; } =
    [
        new("Raspberry Pi Zero 2 W", "Cortex-A53", 1.0, 512, 4, 8),
        new("Raspberry Pi 4", "Cortex-A72", 1.5, 1024, 4, 8),
        new("Raspberry Pi 5", "Cortex-A76", 2.4, 1024, 8, 32),
    ];

    /// <summary>Microseconds of one inference on one core.</summary>
    internal static double Microseconds(PiBoard board, ModelFile file, Func<OperatorRecord, long> products)
    {
        double cycles = 0;
        foreach (OperatorRecord record in file.Operators)
        {
            long macs = products(record);
            double rate = Sustained * (record.Inputs[0].Type == TensorType.Float32 ? board.FloatProducts : board.IntegerProducts);
            cycles += OperatorCycles + (macs / rate) + (macs > 0 ? 0 : (double)ElementCycles * record.Outputs[0].Elements);
        }

        return cycles / board.Gigahertz / 1000;
    }
}
