using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Stress;

/// <summary>Operators that multiply by matrices: Dense, MatMul and the recurrent ones.</summary>
internal static class RandomMatrices
{
    internal static IReadOnlyList<RandomPrograms.Row> Rows { get; } =
    [
        new(Opcode.Dense, TensorType.Float32, Dense),
        new(Opcode.Dense, TensorType.Int8, Dense),
        new(Opcode.Dense, TensorType.Int16, Dense),
        new(Opcode.MatMul, TensorType.Float32, MatMul),
        new(Opcode.RNN, TensorType.Float32, (model, x) => Recurrent(model, x, Opcode.RNN, 1)),
        new(Opcode.GRU, TensorType.Float32, (model, x) => Recurrent(model, x, Opcode.GRU, 3)),
        new(Opcode.LSTM, TensorType.Float32, (model, x) => Recurrent(model, x, Opcode.LSTM, 4)),
        new(Opcode.QuantizedLSTM, TensorType.Int8, QuantizedLSTM),
        new(Opcode.QuantizedLSTM, TensorType.Int16, QuantizedLSTM),
        new(Opcode.QuantizedRecurrent, TensorType.Int8, QuantizedRecurrent),
        new(Opcode.QuantizedRecurrent, TensorType.Int16, QuantizedRecurrent),
    ];

    /// <summary>Weights, bias and what quantized ones need, after the first input.</summary>
    internal static int[] WeightInputs(RandomModel model, Item x, int[] weights, Item y, out int[] parameters)
    {
        Random random = model.Random;
        int units = weights[0];
        if (x.Type == TensorType.Float32)
        {
            parameters = [.. model.Activation(), 0, 0, 0];
            int data = model.Constant(TensorType.Float32, weights);
            return model.Chance(2) ? [data] : [data, model.Chance(4) ? -1 : model.Constant(TensorType.Float32, [units])];
        }

        bool wide = x.Type == TensorType.Int16;
        int bias = model.Chance(3) ? -1
            : wide ? model.Values(TensorType.Int64, [units], RandomModel.Many(units, () => random.NextInt64(-(1L << 46), 1L << 46)))
            : model.Ints(units, () => model.Random.Next(-(1 << 30), 1 << 30));
        int channels = model.Chance(2) ? 1 : units;
        int maxShift = wide ? 7 : 30;
        List<int> inputs =
        [
            model.Constant(TensorType.Int8, weights), bias,
            model.Ints(channels, () => random.Next(int.MaxValue)), model.Shifts(channels, () => random.Next(-31, maxShift + 1)),
        ];
        bool table = model.Chance(3);
        if (table)
        {
            inputs.Add(model.Constant(y.Type, [256]));
        }

        parameters = [0, 0, 0, .. model.Clamp(table ? TensorType.Int8 : y.Type), table ? random.Next(-128, 128) : y.ZeroPoint];
        return [.. inputs];
    }

    /// <summary>The type of what weights give.</summary>
    internal static TensorType ProductType(RandomModel model, Item x) => x.Type == TensorType.Float32 ? x.Type : model.Pick(TensorType.Int8, TensorType.Int16);

    private static Item Dense(RandomModel model, Item x)
    {
        x = model.OfSomeRank(x);
        int units = model.Random.Next(1, 40);
        Item y = model.Arena(ProductType(model, x), [.. x.Shape[..^1], units]);
        int[] inputs = WeightInputs(model, x, [units, x.Shape[^1]], y, out int[] parameters);
        return model.Add(Opcode.Dense, y, [x.Index, .. inputs], parameters);
    }

    private static Item MatMul(RandomModel model, Item x)
    {
        x = model.OfRank(x, Math.Clamp(x.Shape.Length, 2, 4));
        bool left = model.Chance(2);
        int free = model.Random.Next(1, 20);
        int[] batch = [.. x.Shape[..^2].Select(size => model.Chance(2) ? 1 : size).Skip(model.Random.Next(x.Shape.Length - 1))];
        Item other = model.Other(x.Type, left ? [.. batch, x.Shape[^1], free] : [.. batch, free, x.Shape[^2]]);
        Item y = model.Arena(x.Type, left ? [.. x.Shape[..^1], free] : [.. x.Shape[..^2], free, x.Shape[^1]]);
        return model.Add(Opcode.MatMul, y, left ? [x.Index, other.Index] : [other.Index, x.Index], []);
    }

    private static Item Recurrent(RandomModel model, Item x, Opcode opcode, int gates)
    {
        x = model.OfRank(x, 3);
        (int steps, int batch) = (x.Shape[0], x.Shape[1]);
        int hidden = model.Random.Next(1, 20);
        Item all = model.Arena(x.Type, [steps, batch, hidden]);
        int states = opcode == Opcode.LSTM ? 2 : 1;
        Item[] last = RandomModel.Many(states, () => model.Arena(x.Type, [batch, hidden], storage: model.Pick(TensorStorage.Arena, TensorStorage.State)));
        List<int> inputs = [x.Index, model.Constant(x.Type, [gates * hidden, x.Shape[2]]), model.Constant(x.Type, [gates * hidden, hidden])];
        if (model.Chance(4))
        {
            return Add();
        }

        inputs.Add(model.Chance(3) ? -1 : model.Constant(x.Type, [2 * gates * hidden]));
        foreach (Item state in last)
        {
            // A state is read before it is written; a tensor of the arena is not.
            inputs.Add(model.Chance(4) ? -1 : state.Storage == TensorStorage.State && !model.Chance(3) ? state.Index : model.Other(x.Type, [batch, hidden]).Index);
        }

        if (opcode == Opcode.LSTM && model.Chance(2))
        {
            inputs.Add(model.Constant(x.Type, [3 * hidden]));
        }

        return Add();

        Item Add()
        {
            int[] parameters = [.. model.Activation(), .. model.Activation(), .. model.Activation(), RandomModel.Bits(model.Chance(2) ? 0f : 1f), model.Random.Next(2), model.Random.Next(2)];
            model.Add(opcode, [all.Index, .. last.Select(state => state.Index)], [.. inputs], parameters);
            return model.Chance(2) ? all : last[0];
        }
    }

    private static Item QuantizedLSTM(RandomModel model, Item x)
    {
        Random random = model.Random;
        Quantized layer = Layer(model, x, 4, model.Pick(1, 4, 0));
        int[] parameters =
        [
            random.Next(2), model.Chance(2) ? 0 : random.Next(32768), random.Next(1, 32768), random.Next(32),
            .. RandomModel.Many(3, () => new[] { random.Next(int.MaxValue), random.Next(-31, 31) }).SelectMany(pair => pair),
        ];
        model.Add(Opcode.QuantizedLSTM, layer.Outputs, [.. layer.Inputs], parameters);
        return layer.Shown(model);
    }

    private static Item QuantizedRecurrent(RandomModel model, Item x)
    {
        Random random = model.Random;
        int cell = random.Next(4);
        Quantized layer = Layer(model, x, cell < 2 ? 3 : 1, model.Pick(1, 0));
        if (model.Chance(2))
        {
            layer.Inputs.Add(Bias(model, layer.All.Type, layer.Rows));
        }

        model.Add(Opcode.QuantizedRecurrent, layer.Outputs, [.. layer.Inputs], [random.Next(2), cell, random.Next(int.MaxValue), random.Next(-31, 31)]);
        return layer.Shown(model);
    }

    // All but the parameters; as many factors, or one a row for 0.
    private static Quantized Layer(RandomModel model, Item x, int gates, int factors)
    {
        x = model.OfRank(x, 3);
        Random random = model.Random;
        (int steps, int batch) = (x.Shape[0], x.Shape[1]);
        int hidden = random.Next(1, 40);
        int rows = gates * hidden;
        factors = factors == 0 ? rows : factors;
        int zeroPoint = x.Type == TensorType.Int8 ? model.Pick(0, 3, -128) : 0;
        Item all = model.Arena(x.Type, [steps, batch, hidden], zeroPoint);
        Item[] last = [.. new[] { (x.Type, zeroPoint), (TensorType.Int16, 0) }.Select(one => model.Arena(one.Item1, [batch, hidden], one.Item2, storage: model.Pick(TensorStorage.Arena, TensorStorage.State)))];
        List<int> inputs = [x.Index, model.Constant(TensorType.Int8, [rows, x.Shape[2]]), model.Constant(TensorType.Int8, [rows, hidden])];
        inputs.Add(model.Chance(3) ? -1 : Bias(model, x.Type, rows));
        foreach (Item state in last)
        {
            // A state is read before it is written; a tensor of the arena is not.
            inputs.Add(model.Chance(4) ? -1 : state.Storage == TensorStorage.State && !model.Chance(3) ? state.Index : model.Other(state.Type, [batch, hidden], state.ZeroPoint).Index);
        }

        foreach (int _ in new int[2])
        {
            inputs.Add(model.Ints(factors, () => random.Next(int.MaxValue)));
            inputs.Add(model.Shifts(factors, () => random.Next(-31, x.Type == TensorType.Int8 ? 31 : 8)));
        }

        inputs.Add(model.Constant(TensorType.Int16, [256]));
        return new Quantized(rows, all, last, inputs);
    }

    private static int Bias(RandomModel model, TensorType type, int rows) => type == TensorType.Int16
        ? model.Values(TensorType.Int64, [rows], RandomModel.Many(rows, () => model.Random.NextInt64(-(1L << 46), 1L << 46)))
        : model.Ints(rows, () => model.Random.Next(-(1 << 30), 1 << 30));

    /// <summary>A quantized recurrent layer.</summary>
    private sealed record Quantized(int Rows, Item All, Item[] Last, List<int> Inputs)
    {
        internal int[] Outputs => [All.Index, .. Last.Select(state => state.Index)];

        internal Item Shown(RandomModel model) => model.Chance(2) ? All : Last[0];
    }
}
