using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Tests.Models;

/// <summary>Models of one operator: recurrent layers, normalisations, sums, trees.</summary>
internal sealed partial class RandomModels
{
    /// <summary>RNN, GRU or LSTM; with <paramref name="smooth"/> any activation, else those that are exact.</summary>
    internal static byte[] Recurrent(int seed, bool smooth) => new RandomModels(seed).MakeRecurrent(smooth);

    /// <summary>LayerNormalization, LRN or a Reduce that sums.</summary>
    internal static byte[] Summed(int seed) => new RandomModels(seed).MakeSummed();

    /// <summary>TreeEnsemble.</summary>
    internal static byte[] Trees(int seed) => new RandomModels(seed).MakeTrees();

    /// <summary>FeatureTransform of every kind.</summary>
    internal static byte[] Features(int seed) => new RandomModels(seed).MakeFeatures();

    /// <summary>PairwiseCoupling, whose input is the model's.</summary>
    internal static byte[] Coupling(int seed) => new RandomModels(seed).MakeCoupling();

    /// <summary>float32 operators of every kind, one after the other.</summary>
    internal static byte[] EveryFloat32(int seed) => new RandomModels(seed).MakeEveryFloat32();

    /// <summary>int8 operators of every kind, one after the other.</summary>
    internal static byte[] EveryInt8(int seed) => new RandomModels(seed).MakeEveryInt8();

    private byte[] MakeEveryFloat32()
    {
        BeginImage(TensorType.Float32);
        for (int i = 0; i < Moves; i++)
        {
            if (i < 3)
            {
                AddConv(TensorType.Float32);
            }

            AddMove(TensorType.Float32, i);
        }

        for (int i = 0; i < Choices; i++)
        {
            AddChoice(i);
        }

        Append(Opcode.LayerNormalization, TensorType.Float32, [2, 1, Bits(1e-3f)], [current, -1, -1]);
        Append(Opcode.LRN, TensorType.Float32, [3, Bits(0.5f), Bits(0.75f), Bits(1f)]);
        shape = [shape[0] * shape[1] * shape[2], 1, shape[3]];
        Append(Opcode.Reshape, TensorType.Float32, []);
        AddRecurrent(smooth: true, Opcode.RNN, 1, state: false, hidden: 3);
        AddRecurrent(smooth: true, Opcode.GRU, 3, state: false, hidden: 3);
        AddRecurrent(smooth: true, Opcode.LSTM, 4, state: true, hidden: 3);
        shape = [shape[0], shape[^1]];
        int sequence = builder.AddTensor(TensorType.Float32, shape, 96 * 1024);
        builder.AddOperator(Opcode.Reshape, [current], [sequence], []);
        builder.AddOutput(sequence);
        current = sequence;
        AddTrees(3);
        Append(Opcode.Activation, TensorType.Float32, [(int)ActivationKind.Sigmoid, 0, 0]);
        Append(Opcode.PairwiseCoupling, TensorType.Float32, []);
        return End(dequantize: false);
    }

    private byte[] MakeEveryInt8()
    {
        quantization = RandomQuantization();
        BeginImage(TensorType.Int8);
        for (int i = 0; i < Moves; i++)
        {
            if (i < 3)
            {
                AddConv(TensorType.Int8);
                AddQuantizedArithmetic(TensorType.Int8);
            }

            AddMove(TensorType.Int8, i);
        }

        AddPool(TensorType.Int8);
        AddQuantizedReduce(TensorType.Int8);
        return End(dequantize: true);
    }

    private byte[] MakeRecurrent(bool smooth)
    {
        int gates = random.Next(3) switch { 0 => 1, 1 => 3, _ => 4 };
        Opcode opcode = gates == 1 ? Opcode.RNN : gates == 3 ? Opcode.GRU : Opcode.LSTM;
        shape = [random.Next(1, 5), random.Next(1, 3), random.Next(1, 20)];
        current = builder.AddTensor(TensorType.Float32, shape, NextSlot());
        builder.AddInput(current);
        AddRecurrent(smooth, opcode, gates, random.Next(2) == 0, random.Next(1, 20));
        builder.AddOutput(current);
        return builder.Build();
    }

    private void AddRecurrent(bool smooth, Opcode opcode, int gates, bool state, int hidden)
    {
        int steps = shape[0];
        int batch = shape[1];
        int features = shape[2];
        // A state lies where nothing else does.
        int last = builder.AddTensor(TensorType.Float32, [batch, hidden], state ? 72 * 1024 : 64 * 1024, null, state ? TensorStorage.State : TensorStorage.Arena);
        int cell = builder.AddTensor(TensorType.Float32, [batch, hidden], state ? 73 * 1024 : 65 * 1024, null, state ? TensorStorage.State : TensorStorage.Arena);

        // Larger ones would make a last bit of one step the first of a later one.
        float bound = 0.5f / MathF.Sqrt(hidden);
        var inputs = new List<int>
        {
            current,
            AddFloats(gates * hidden * features, -0.5f, 0.5f, [gates * hidden, features]),
            AddFloats(gates * hidden * hidden, -bound, bound, [gates * hidden, hidden]),
            random.Next(3) == 0 ? -1 : AddFloats(2 * gates * hidden, -0.5f, 0.5f),
            state ? last : random.Next(2) == 0 ? -1 : AddFloats(batch * hidden, -1f, 1f, [batch, hidden]),
        };
        if (opcode == Opcode.LSTM)
        {
            inputs.Add(state ? cell : random.Next(2) == 0 ? -1 : AddFloats(batch * hidden, -1f, 1f, [batch, hidden]));
            inputs.Add(random.Next(2) == 0 ? -1 : AddFloats(3 * hidden, -0.5f, 0.5f));
        }

        shape = [steps, batch, hidden];
        int output = builder.AddTensor(TensorType.Float32, shape, NextSlot());
        int[] parameters = new int[OperatorNames.Parameters(Opcode.LSTM).Length];
        ActivationKind[] kinds = smooth ? [ActivationKind.Sigmoid, ActivationKind.Tanh, ActivationKind.Softsign] : [ActivationKind.Linear, ActivationKind.ReLU];
        for (int i = 0; i < 3; i++)
        {
            // GRU and coupled gates of LSTM weigh old against new: a share outside 0 to 1 makes a last bit grow from step to step.
            bool share = smooth && opcode != Opcode.RNN && i == 0;
            parameters[RecurrentRule.Activations + (3 * i)] = (int)(share ? ActivationKind.Sigmoid : kinds[random.Next(kinds.Length)]);
        }

        parameters[RecurrentRule.Clip] = Bits(smooth || random.Next(2) == 0 ? 0f : 0.9f);
        parameters[RecurrentRule.Reverse] = random.Next(2);
        parameters[RecurrentRule.Variant] = random.Next(2);
        builder.AddOperator(opcode, [.. inputs], opcode == Opcode.LSTM ? [output, last, cell] : [output, last], parameters);
        current = output;
    }

    private byte[] MakeSummed()
    {
        BeginImage(TensorType.Float32);
        switch (random.Next(4))
        {
            case 0:
                int axes = random.Next(1, 5);
                int depth = shape[^axes..].Aggregate(1, (product, size) => product * size);
                int scale = random.Next(2) == 0 ? -1 : AddFloats(depth, 0.5f, 2f);
                int bias = random.Next(2) == 0 ? -1 : AddFloats(depth, -1f, 1f);
                Append(Opcode.LayerNormalization, TensorType.Float32, [axes, random.Next(2), Bits(1e-3f)], [current, scale, bias]);
                break;
            case 1:
                Append(Opcode.LRN, TensorType.Float32, [random.Next(1, 7), Bits(0.5f), Bits(random.Next(2) == 0 ? 0.75f : 1.3f), Bits(1f)]);
                break;
            default:
                int set = random.Next(16);
                shape = [.. shape.Select((size, axis) => (set & (1 << axis)) == 0 ? size : 1)];
                ReduceKind[] kinds = [ReduceKind.Sum, ReduceKind.Mean, ReduceKind.Prod, ReduceKind.L1, ReduceKind.L2, ReduceKind.SumSquare, ReduceKind.LogSum, ReduceKind.LogSumExp];
                Append(Opcode.Reduce, TensorType.Float32, [(int)kinds[random.Next(kinds.Length)], set, 0, 0]);
                break;
        }

        return End(dequantize: false);
    }

    private byte[] MakeTrees()
    {
        shape = [random.Next(1, 4), random.Next(1, 6)];
        current = builder.AddTensor(TensorType.Float32, shape, NextSlot());
        builder.AddInput(current);
        AddTrees(random.Next(1, 4));
        return End(dequantize: false);
    }

    private byte[] MakeFeatures()
    {
        shape = [random.Next(1, 4), random.Next(1, 6)];
        current = builder.AddTensor(TensorType.Float32, shape, NextSlot());
        builder.AddInput(current);
        AddFeatures(random.Next(1, 12));
        return End(dequantize: false);
    }

    // Codes are whole numbers, as inputs often are.
    private void AddFeatures(int outputs)
    {
        int[] kinds = [.. Enumerable.Range(0, outputs).Select(_ => random.Next(5))];
        var counts = new List<int>();
        var values = new List<float>();
        foreach (FeatureKind kind in kinds)
        {
            int n = random.Next(1, 7);
            float Next() => random.Next(-16, 17) / 8f;
            float[] ascending = [.. Enumerable.Range(0, n).Select(_ => Next()).Order()];
            if (FeatureTransformRule.HasCount((int)kind))
            {
                counts.Add(n);
            }

            values.AddRange(kind switch
            {
                FeatureKind.PiecewiseLinear => [Next(), .. ascending, .. Enumerable.Range(0, 2 * FeatureTransformRule.Segments(n)).Select(_ => (float)random.NextDouble() - 0.5f)],
                FeatureKind.Equal => [random.Next(-1, 3)],
                FeatureKind.Bin => ascending,
                _ => [],
            });
        }

        int[] inputs =
        [
            current,
            AddIntegers([outputs], [.. Enumerable.Range(0, outputs).Select(_ => random.Next(shape[^1]))]),
            builder.AddConstant(TensorType.Int8, [outputs], [.. kinds.Select(kind => (byte)kind)]),
            counts.Count == 0 ? -1 : AddIntegers([counts.Count], counts),
            .. values.Count == 0 ? (int[])[] : [builder.AddConstant(TensorType.Float32, [values.Count], MemoryMarshal.AsBytes<float>(values.ToArray()))],
        ];
        shape = [.. shape[..^1], outputs];
        Append(Opcode.FeatureTransform, TensorType.Float32, [], inputs);
    }

    private byte[] MakeCoupling()
    {
        int rows = random.Next(1, 4);
        int classes = random.Next(2, 7);
        shape = [rows, classes * (classes - 1) / 2];
        current = builder.AddTensor(TensorType.Float32, shape, NextSlot());
        builder.AddInput(current);
        shape = [rows, classes];
        Append(Opcode.PairwiseCoupling, TensorType.Float32, []);
        return End(dequantize: false);
    }

    // Chains of decisions, each with a leaf on one side or on both, in every form and type that the rule allows.
    private void AddTrees(int targets)
    {
        var kind = (TreeTargets)random.Next(3);
        int width = kind switch { TreeTargets.All => targets, TreeTargets.OfWeight => random.Next(1, 3), _ => 1 };
        bool own = random.Next(2) == 0;
        int shared = random.Next(1, 9);
        var counts = new List<int>();
        var children = new List<int>();
        int trees = random.Next(1, 8);
        int leaves = own ? 0 : shared;
        for (int tree = 0; tree < trees; tree++)
        {
            int count = random.Next(1, 9);
            int most = own ? random.Next(1, 5) : shared;
            leaves += own ? most : 0;
            counts.AddRange(own ? [count, most] : [count]);
            for (int left = count - 1; left >= 0; left--)
            {
                int next = left > 0 ? random.Next(left) : -1 - random.Next(most);
                int leaf = -1 - random.Next(most);
                bool turned = random.Next(2) == 0;
                children.AddRange([turned ? leaf : next, turned ? next : leaf]);
            }
        }

        int splits = children.Count / 2;
        int comparison = random.Next(3) == 0 ? random.Next(6) + (8 * random.Next(2)) : 0;
        bool each = random.Next(2) == 0;
        int[] inputs =
        [
            current,
            AddIntegers(own ? [trees, 2] : [trees], counts),
            AddIntegers([splits], [.. Enumerable.Range(0, splits).Select(_ => random.Next(shape[^1]))]),
            AddIntegers([splits, 2], children),
            AddFloats(splits, -2f, 2f),
            builder.AddConstant(TensorType.Float32, [leaves, width], MemoryMarshal.AsBytes<float>([.. Enumerable.Range(0, leaves * width).Select(_ => ((float)random.NextDouble() * 2f) - 1f)])),
            kind == TreeTargets.All ? -1 : AddIntegers([kind == TreeTargets.OfTree ? trees : leaves * width], [.. Enumerable.Range(0, kind == TreeTargets.OfTree ? trees : leaves * width).Select(_ => random.Next(targets))]),
            each ? builder.AddConstant(TensorType.Int8, [splits], [.. Enumerable.Range(0, splits).Select(_ => (byte)(random.Next(6) + (8 * random.Next(2))))]) : -1,
        ];
        if (random.Next(3) == 0)
        {
            inputs[TreeEnsembleRule.Thresholds] = builder.AddConstant(TensorType.Int16, [splits], MemoryMarshal.AsBytes<short>([.. Enumerable.Range(0, splits).Select(_ => (short)random.Next(short.MinValue, short.MaxValue + 1))]));
            inputs = [.. inputs, builder.AddConstant(TensorType.Int8, [shape[^1]], [.. Enumerable.Range(0, shape[^1]).Select(_ => (byte)random.Next(-15, -12))])];
        }

        shape = [shape[0], targets];
        Append(Opcode.TreeEnsemble, TensorType.Float32, [random.Next(4), each ? 0 : comparison, (int)kind], inputs);
    }

    // In bytes most often, else in a type that is larger than it needs to be.
    private int AddIntegers(int[] size, IReadOnlyList<int> values) => random.Next(6) switch
    {
        0 => builder.AddConstant(TensorType.Int32, size, MemoryMarshal.AsBytes<int>(values.ToArray())),
        1 => builder.AddConstant(TensorType.Int16, size, MemoryMarshal.AsBytes<short>(values.Select(value => (short)value).ToArray())),
        _ => builder.AddConstant(TensorType.Int8, size, MemoryMarshal.AsBytes<sbyte>(values.Select(value => (sbyte)value).ToArray())),
    };
}
