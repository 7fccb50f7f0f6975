using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Stress;

/// <summary>Valid programs of one to four operators, or of so many at most, in random shapes, types and places.</summary>
internal sealed class RandomPrograms(int seed, int mostOperators = 4)
{
    private readonly Random random = new(seed);

    /// <summary>An operator, by the type of its first input.</summary>
    /// <param name="Opcode">The operator.</param>
    /// <param name="Type">The type of its first input.</param>
    /// <param name="Add">Adds it, and what it needs before it, behind a tensor.</param>
    internal readonly record struct Row(Opcode Opcode, TensorType Type, Func<RandomModel, Item, Item> Add);

    /// <summary>All operators. A test holds it to the engine's kernels.</summary>
    internal static IReadOnlyList<Row> Rows { get; } = [.. RandomElementwise.Rows, .. RandomCopies.Rows, .. RandomMatrices.Rows, .. RandomWindows.Rows, .. RandomReductions.Rows];

    /// <summary>The next program's file.</summary>
    internal byte[] Next() => Valid(Make);

    /// <summary>A program of one operator, and what it needs, with metadata.</summary>
    internal byte[] Next(Row row) => Valid(() => Make(row));

    /// <summary>A program of one operator, and what it needs, for an input of a shape.</summary>
    internal byte[] Next(Row row, int[] shape) => Valid(() =>
    {
        var model = new RandomModel(random);
        model.Output(row.Add(model, model.Input(row.Type, shape)));
        return model.Build();
    });

    // Tensors are placed anywhere now and then, and weights are any: what shares bytes while both are in use, or has sums beyond 32 bits, is refused and made anew.
    private static byte[] Valid(Func<byte[]> make)
    {
        while (true)
        {
            try
            {
                return make();
            }
            catch (ModelFormatException exception) when (exception.Message.Contains("share bytes", StringComparison.Ordinal) || exception.Message.Contains("written", StringComparison.Ordinal) || exception.Message.Contains("can leave", StringComparison.Ordinal))
            {
            }
        }
    }

    private byte[] Make()
    {
        var model = new RandomModel(random);
        Item current = Input(model, model.Pick(TensorType.Float32, TensorType.Float32, TensorType.Int8, TensorType.Int16, TensorType.Int32));
        for (int operators = random.Next(1, mostOperators + 1); operators > 0; operators--)
        {
            current = model.Pick([.. Rows.Where(row => row.Type == current.Type)]).Add(model, Cut(model, current));
            if (model.Chance(8))
            {
                model.Output(current);
            }
        }

        model.Output(current);
        return model.Build();
    }

    private byte[] Make(Row row)
    {
        var model = new RandomModel(random);
        Item x = model.Input(row.Type, RandomModel.Many(random.Next(1, 4), () => random.Next(1, 5)));
        model.Output(row.Add(model, x));
        model.AddMetadata();
        return model.Build();
    }

    private Item Input(RandomModel model, TensorType type)
    {
        int[] shape;
        do
        {
            shape = RandomModel.Many(random.Next(1, 5), () => model.Chance(3) ? random.Next(1, 70) : random.Next(1, 9));
        }
        while (shape.Aggregate(1, (product, size) => product * size) > 4 * RandomModel.MostElements);

        return model.Input(type, shape);
    }

    private static Item Cut(RandomModel model, Item x)
    {
        while (x.Elements > RandomModel.MostElements)
        {
            x = RandomCopies.Slice(model, x);
        }

        return x;
    }
}
