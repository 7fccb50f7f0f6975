using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators.Cost;

/// <summary>
/// What the operators of a model do and hold on a device, counted in terms: how often a loop of a kernel runs, how many numbers an
/// array has. What a term takes in machine instructions and in bytes was measured; <see cref="MeasuredTerms"/> has it.
/// </summary>
internal sealed class CostTerms
{
    private readonly Dictionary<string, double> scratch = [];
    private string kernel = "";
    private string windows = "";

    /// <summary>How often each term runs in one inference.</summary>
    internal Dictionary<string, double> Runs { get; } = [];

    /// <summary>How often each term is held on the heap.</summary>
    internal Dictionary<string, double> Holds { get; } = [];

    /// <summary>Bytes of weights that kernels keep in another form, which both engines hold besides the file.</summary>
    internal double PackedBytes { get; private set; }

    /// <summary>Counts what an operator does and holds.</summary>
    internal void Add(OperatorRecord record, bool isChunked = false)
    {
        kernel = $"{record.Info.Name} {record.Inputs[0].Type}";
        Run("once", 1);
        Hold("once", 1);
        OperatorDefinition definition = OperatorDefinitions.Of(record.Info.Opcode);
        if (isChunked)
        {
            definition.ChunkedCost(record, this);
        }
        else
        {
            definition.Cost(record, this);
        }
    }

    /// <summary>A loop of the operator runs so often.</summary>
    internal void Run(string term, double times) => Count(Runs, $"{kernel}: {term}", times);

    /// <summary>The operator holds so many of something.</summary>
    internal void Hold(string term, double count) => Count(Holds, $"{kernel}: {term}", count);

    /// <summary>A loop that several operators share runs so often.</summary>
    internal void RunShared(string term, double times) => Count(Runs, term, times);

    /// <summary>Something that several operators hold.</summary>
    internal void HoldShared(string term, double count) => Count(Holds, term, count);

    /// <summary>The operator keeps weights in another form.</summary>
    internal void Pack(string form, double bytes)
    {
        HoldShared(form, bytes);
        PackedBytes += bytes;
    }

    /// <summary>A function of so many elements.</summary>
    internal void Activation(ActivationKind kind, double elements) => RunShared($"activation: {kind}", elements);

    /// <summary>The activation of an operator that has it as its first parameter, float32 only.</summary>
    internal void Activation(OperatorRecord record, double elements)
    {
        if (record.Inputs[0].Type == TensorType.Float32)
        {
            Activation((ActivationKind)record.Int(0), elements);
        }
        else
        {
            Run("element", elements);
        }
    }

    /// <summary>Copies of constants, from an input on.</summary>
    internal void Constants(OperatorRecord record, int from = 1)
    {
        foreach (TensorInfo? tensor in record.Inputs.Skip(from).Where(tensor => tensor?.Storage == TensorStorage.Constant))
        {
            Numbers(tensor!.Bytes);
        }
    }

    /// <summary>An array of numbers that a kernel made from a constant, or none for 0 bytes.</summary>
    internal void Numbers(double bytes)
    {
        HoldShared("constant", bytes == 0 ? 0 : 1);
        HoldShared("byte of a constant", bytes);
    }

    /// <summary>Two or three tensors, element by element.</summary>
    internal void Broadcast(OperatorRecord record)
    {
        TensorInfo output = record.Outputs[0];
        Run("row", RowWalk.Of(output, [.. record.Inputs.Select(input => RowWalk.Spread(input, output))]).Rows);
        Run("element", output.Elements);
        Constants(record, 0);
    }

    /// <summary>Numbers that mean something within a run only: a session has one array of each name, as large as the largest.</summary>
    internal void Scratch(string name, double bytes)
    {
        double largest = scratch.GetValueOrDefault(name);
        HoldShared("constant", largest == 0 ? 1 : 0);
        HoldShared("byte of a constant", Math.Max(0, bytes - largest));
        scratch[name] = Math.Max(bytes, largest);
    }

    /// <summary>How the windows of a convolution move, which it shares with the one before where they are the same.</summary>
    /// <param name="key">All numbers of it.</param>
    /// <param name="bytes">What it takes.</param>
    internal void Windows(string key, double bytes)
    {
        HoldShared("byte of a constant", key == windows ? 0 : bytes);
        windows = key;
    }

    /// <summary>Elements that change their places.</summary>
    /// <param name="record">The operator.</param>
    /// <param name="steps">Elements of the input from one place of each axis of the output to the next.</param>
    internal void Movement(OperatorRecord record, int[] steps)
    {
        RowWalk walk = RowWalk.Of(record.Outputs[0], steps);
        RunShared("movement: row", walk.Rows);
        RunShared(walk.IsDense ? "movement: byte" : "movement: element", walk.IsDense ? record.Outputs[0].Bytes : record.Outputs[0].Elements);
        Constants(record, 0);
    }

    /// <summary>Functions of the elements of a row.</summary>
    internal void Rows(OperatorRecord record)
    {
        Run("row", Lines(record.Outputs[0]));
        Run("element", record.Outputs[0].Elements);
        Constants(record);
    }

    private static double Lines(TensorInfo tensor) => tensor.Rank == 0 ? 1 : (double)tensor.Elements / tensor.LastDimension;

    private static void Count(Dictionary<string, double> terms, string term, double count)
    {
        if (count != 0)
        {
            terms[term] = terms.GetValueOrDefault(term) + count;
        }
    }
}
