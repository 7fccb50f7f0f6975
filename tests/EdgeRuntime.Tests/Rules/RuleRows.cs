using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>The rows of one rule. A class for each; <see cref="RuleRowTests"/> finds and runs them all.</summary>
internal abstract class RuleRows
{
    protected const TensorType F32 = TensorType.Float32;
    protected const TensorType I8 = TensorType.Int8;
    protected const TensorType I16 = TensorType.Int16;
    protected const TensorType I32 = TensorType.Int32;
    protected const TensorType I64 = TensorType.Int64;

    private readonly List<RuleRow> rows = [];

    /// <summary>What the names of the rows that follow begin with.</summary>
    protected string Prefix { get; set; } = "";

    /// <summary>All tables.</summary>
    internal static IReadOnlyList<RuleRows> All { get; } =
    [
        .. typeof(RuleRows).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(RuleRows)) && !type.IsAbstract)
            .OrderBy(type => type.Name, StringComparer.Ordinal).Select(type => (RuleRows)Activator.CreateInstance(type, true)!),
    ];

    /// <summary>The rows, made at first use.</summary>
    internal IReadOnlyList<RuleRow> Rows
    {
        get
        {
            // Classes of tests run side by side, and a list that is still being filled has too few.
            lock (rows)
            {
                if (rows.Count == 0)
                {
                    Add();
                }

                return rows;
            }
        }
    }

    protected abstract void Add();

    protected static int Bits(float value) => BitConverter.SingleToInt32Bits(value);

    /// <summary>A file that is accepted and gives these values.</summary>
    protected void Good(string name, RawModel model, float[] input, double[] expected, double tolerance = 0) =>
        rows.Add(new RuleRow(GetType().Name, Prefix + name, model.Build()) { Input = input, Expected = expected, Tolerance = tolerance });

    /// <summary>A file that is accepted; what it gives is checked elsewhere.</summary>
    protected void Good(string name, RawModel model) => rows.Add(new RuleRow(GetType().Name, Prefix + name, model.Build()));

    /// <summary>A file whose last operator breaks its rule.</summary>
    protected void Bad(string name, string reason, RawModel model)
    {
        byte[] file = model.Build();
        int last = model.Operators.Count - 1;
        string opcode = ((Opcode)model.Operators[last][0]).ToString();
        rows.Add(new RuleRow(GetType().Name, Prefix + name, file) { Section = "operators", Offset = model.OperatorStart(last), Reason = $"operator {last} ({opcode}) {reason}" });
    }

    /// <summary>A file that is refused in a section, at a byte that is known after the file is laid out.</summary>
    protected void Bad(string name, string section, string reason, RawModel model, Func<RawModel, int> offset)
    {
        byte[] file = model.Build();
        rows.Add(new RuleRow(GetType().Name, Prefix + name, file) { Section = section, Offset = offset(model), Reason = reason });
    }

    /// <summary>Bytes that are refused.</summary>
    protected void Bad(string name, string section, int offset, string reason, byte[] file) =>
        rows.Add(new RuleRow(GetType().Name, Prefix + name, file) { Section = section, Offset = offset, Reason = reason });

    /// <summary>Bytes that are accepted.</summary>
    protected void Good(string name, byte[] file) => rows.Add(new RuleRow(GetType().Name, Prefix + name, file));

    /// <summary>One operator behind one input of the model.</summary>
    protected static RawModel One(Opcode opcode, TensorType type, int[] shape, int[] outputShape, int[] parameters, Func<RawModel, int[]>? more = null, TensorType? outputType = null, float? scale = null, float? outputScale = null, int zero = 0, int outputZero = 0)
    {
        var model = new RawModel();
        bool quantized = type is TensorType.Int8 or TensorType.Int16;
        bool quantizes = (outputType ?? type) is TensorType.Int8 or TensorType.Int16;
        int x = model.Arena(type, shape, scale ?? (quantized ? 1f : null), zero);
        int y = model.Arena(outputType ?? type, outputShape, outputScale ?? (quantizes ? 1f : null), outputZero);
        model.Input(x);
        model.Output(y);
        model.Op(opcode, [x, .. more?.Invoke(model) ?? []], [y], parameters);
        return model;
    }

    /// <summary>Changes one number of a list.</summary>
    protected static int[] With(int[] values, int index, int value)
    {
        int[] changed = [.. values];
        changed[index] = value;
        return changed;
    }

    /// <summary>A model one of whose tensors has no scale.</summary>
    protected static RawModel Scaleless(RawModel model, int tensor)
    {
        model.Tensors[tensor].Scale = null;
        return model;
    }

    protected static float[] Count(int count, int first = 1) => [.. Enumerable.Range(first, count).Select(i => (float)i)];

    /// <summary>Rows for a parameter of the last operator: at its bounds, and one past each.</summary>
    protected void Within(string name, int index, int low, int high, int[] parameters, Func<int[], RawModel> make, bool atLow = true, bool atHigh = true)
    {
        if (atLow)
        {
            Good($"{name} at its lowest, {low}", make(With(parameters, index, low)));
        }

        if (atHigh)
        {
            Good($"{name} at its highest, {high}", make(With(parameters, index, high)));
        }

        if (low > int.MinValue)
        {
            Bad($"{name} below its lowest, {low}", $"has parameter '{name}' = {low - 1} outside {low} to {high}", make(With(parameters, index, low - 1)));
        }

        if (high < int.MaxValue)
        {
            Bad($"{name} above its highest, {high}", $"has parameter '{name}' = {high + 1} outside {low} to {high}", make(With(parameters, index, high + 1)));
        }
    }

    /// <summary>Rows for a float parameter of the last operator that must be finite.</summary>
    protected void Finite(string name, int index, int[] parameters, Func<int[], RawModel> make)
    {
        Good($"{name} as large as float32 holds", make(With(parameters, index, Bits(float.MaxValue))));
        foreach (float value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            Bad($"{name} of {value}", $"has parameter '{name}' that is not finite", make(With(parameters, index, Bits(value))));
        }
    }

    /// <summary>Rows for an output that must have the type and the shape of the first input, which is [2, 3].</summary>
    protected void OutputLikeInput(Opcode opcode, TensorType type, int[] parameters, Func<RawModel, int[]>? more = null, TensorType? outputType = null)
    {
        TensorType right = outputType ?? type;
        Good($"a scalar, {type}", One(opcode, type, [1], [1], parameters, more, right));
        Bad($"an output of one element more, {type}", "output 0 has 7 elements, expected 6", One(opcode, type, [2, 3], [7], parameters, more, right));
        Bad($"an output of one element less, {type}", "output 0 has 5 elements, expected 6", One(opcode, type, [2, 3], [5], parameters, more, right));
        Bad($"an output of other dimensions, {type}", "changes the shape", One(opcode, type, [2, 3], [3, 2], parameters, more, right));
        Bad($"an output of more dimensions, {type}", "changes the shape", One(opcode, type, [2, 3], [2, 3, 1], parameters, more, right));
        Bad($"an output of fewer dimensions, {type}", "changes the shape", One(opcode, type, [2, 3], [6], parameters, more, right));
        Bad($"an output without the last dimension, {type}", "changes the shape", One(opcode, type, [6, 1], [6], parameters, more, right));
    }
}
