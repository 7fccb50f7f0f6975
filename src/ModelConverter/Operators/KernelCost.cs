using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>
/// What a kernel of EdgeInference.Nano takes: an estimate, counted in its compiled IL. docs/esp32.md has the measurements on nanoCLR
/// that the counts were checked against.
/// </summary>
/// <param name="Instructions">IL instructions of one inference.</param>
/// <param name="Ram">Bytes of the managed heap besides the tensors.</param>
internal readonly record struct KernelCost(long Instructions, int Ram)
{
    /// <summary>Bytes of an array besides its elements: its header and the reference that holds it.</summary>
    internal const int ArrayOverhead = 24;

    /// <summary>Bytes of weights that are read at a time, unless the program says otherwise.</summary>
    internal const int ChunkBytes = 4096;

    /// <summary>Inputs that a matrix kernel takes together.</summary>
    internal const int GroupInputs = 8;

    /// <summary>So many instructions for each element of the output, and a copy of the constants.</summary>
    internal static KernelCost PerElement(OperatorRecord record, int instructions) => new(record.Outputs[0].Elements * (long)instructions, Constants(record));

    /// <summary>So many instructions for each element of the first input, and a copy of the constants.</summary>
    internal static KernelCost PerInput(OperatorRecord record, int instructions) => new(record.Inputs[0].Elements * (long)instructions, Constants(record));

    /// <summary>Bytes of an operator's constants.</summary>
    internal static int Constants(OperatorRecord record) => record.Inputs.Where(tensor => tensor?.Storage == TensorStorage.Constant).Sum(tensor => tensor.Bytes);

    /// <summary>Products of float32 rows with a matrix whose weights are in an array.</summary>
    internal static KernelCost FloatMatrix(long rows, long depth, long units)
    {
        long groups = (depth + GroupInputs - 1) / GroupInputs;
        return new KernelCost(rows * ((groups * (70 + (units * 80))) + (units * 30)), (int)(units * (depth + 2) * 4) + (3 * ArrayOverhead));
    }
}
