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

    /// <summary>Products of rows of a type with a matrix, weights in RAM.</summary>
    /// <param name="type">float32, int8 or int16.</param>
    /// <param name="rows">Rows of the input.</param>
    /// <param name="depth">Products of a sum.</param>
    /// <param name="units">Sums of a row.</param>
    internal static KernelCost Matrix(TensorType type, long rows, long depth, long units)
    {
        const int Lanes = 3;
        long groups = (depth + GroupInputs - 1) / GroupInputs;
        switch (type)
        {
            case TensorType.Float32:
                return FloatMatrix(rows, depth, units);
            case TensorType.Int16:
                // Eight bytes hold the weights of two units; each unit has a sum, bias, multiplier and shift.
                long pairs = (units + 1) / 2;
                return new KernelCost(rows * ((groups * (90 + (pairs * 84))) + (pairs * 30) + (units * 50)), (int)((groups * GroupInputs * pairs * 8) + (pairs * 8) + (units * 28)) + (7 * ArrayOverhead));
            case TensorType.Int8:
                // Eight bytes hold the weights of three units for one input; each unit has a sum, bias, multiplier and two shifts.
                long triples = (units + Lanes - 1) / Lanes;
                return new KernelCost(rows * ((groups * (90 + (triples * 84))) + (triples * 45) + (units * 60)), (int)((groups * GroupInputs * triples * 8) + (triples * 8) + (units * 20)) + (7 * ArrayOverhead));
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, null);
        }
    }

    /// <summary>Products of float32 rows with a matrix whose weights are in an array.</summary>
    internal static KernelCost FloatMatrix(long rows, long depth, long units)
    {
        long groups = (depth + GroupInputs - 1) / GroupInputs;
        return new KernelCost(rows * ((groups * (70 + (units * 80))) + (units * 30)), (int)(units * (depth + 2) * 4) + (3 * ArrayOverhead));
    }
}
