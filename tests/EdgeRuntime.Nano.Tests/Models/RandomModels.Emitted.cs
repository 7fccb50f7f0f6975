using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Nano.Tests.Models;

/// <summary>What the operators of a random model are.</summary>
internal enum Family
{
    Convolution,
    Pool,
    Arithmetic,
    Movement,
    Reduction,
    All,
    Recurrent,
}

/// <summary>Models of the operators that code is emitted for.</summary>
internal sealed partial class RandomModels
{
    /// <summary>A few operators of one family, and what converts its type from and to float32 where there is room.</summary>
    internal static byte[] Emitted(int seed, TensorType type, Family family) => new RandomModels(seed).MakeEmitted(type, family);

    private byte[] MakeEmitted(TensorType type, Family family)
    {
        if (family == Family.Recurrent)
        {
            return MakeEmittedRecurrent(type);
        }

        quantization = type == TensorType.Int16 ? RandomInt16Quantization() : RandomQuantization();
        BeginImage(type);
        for (int i = random.Next(1, family == Family.All ? 7 : 4); i > 0; i--)
        {
            switch (family == Family.All ? (Family)random.Next((int)Family.All) : family)
            {
                case Family.Convolution:
                    AddConv(type, canTranspose: false);
                    break;
                case Family.Pool:
                    AddPool(type);
                    break;
                case Family.Arithmetic when type == TensorType.Float32:
                    AddBinary();
                    break;
                case Family.Arithmetic:
                    AddQuantizedArithmetic(type);
                    break;
                case Family.Movement:
                    AddMove(type, random.Next(Moves - 2));
                    break;
                case Family.Reduction when type == TensorType.Float32:
                    AddFloatReduce();
                    break;
                default:
                    AddQuantizedReduce(type);
                    break;
            }
        }

        return End(type != TensorType.Float32 && random.Next(2) == 0);
    }

    /// <summary>A recurrent layer of one unit over so many features.</summary>
    internal static byte[] WideRecurrent(int features)
    {
        var model = new RandomModels(1) { shape = [1, 1, features] };
        model.current = model.builder.AddTensor(TensorType.Float32, model.shape, model.NextSlot());
        model.builder.AddInput(model.current);
        model.AddRecurrent(smooth: false, Opcode.RNN, 1, state: false, hidden: 1);
        model.builder.AddOutput(model.current);
        return model.builder.Build();
    }

    /// <summary>A convolution whose weights are more than the code of an assembly holds.</summary>
    internal static byte[] LargeConvolution(int seed, TensorType type) => new RandomModels(seed).MakeLargeConvolution(type);

    private byte[] MakeLargeConvolution(TensorType type)
    {
        const int Channels = 32;
        const int Units = 64;
        quantization = type == TensorType.Int16 ? RandomInt16Quantization() : RandomQuantization();
        shape = [1, 4, 5, Channels];
        current = builder.AddTensor(type, shape, NextSlot(), quantization);
        builder.AddInput(current);
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Conv).Length];
        parameters[ConvRule.Stride] = parameters[ConvRule.Stride + 1] = parameters[ConvRule.Dilation] = parameters[ConvRule.Dilation + 1] = 1;
        parameters[ConvRule.Pad] = parameters[ConvRule.Pad + 1] = 1;
        parameters[ConvRule.Groups] = 1;
        int[] weights = [Units, 3, 3, Channels];
        int[] inputs = type == TensorType.Int8 ? QuantizedConvInputs(Units, 9 * Channels, weights, parameters) : Int16ConvInputs(Units, 9 * Channels, weights, parameters);
        shape = [1, 4, 5, Units];
        Append(Opcode.Conv, type, parameters, inputs);
        return End(dequantize: false);
    }

    /// <summary>An operator of each family in turn, from and to float32.</summary>
    internal static byte[] EmittedMixture(int seed, TensorType type) => new RandomModels(seed).MakeMixture(type);

    private byte[] MakeMixture(TensorType type)
    {
        shape = [1, 6, 5, 4];
        current = builder.AddTensor(TensorType.Float32, shape, NextSlot());
        builder.AddInput(current);
        if (type != TensorType.Float32)
        {
            quantization = type == TensorType.Int16 ? new TensorQuantization(1f / 8192, 0) : new TensorQuantization(1f / 64, 3);
            Append(Opcode.Quantize, type, [], [current, -1, -1]);
        }

        AddConv(type, canTranspose: false);
        for (int move = 0; move < Moves; move++)
        {
            if (move != 5)
            {
                AddMove(type, move);
            }
        }

        if (type == TensorType.Float32)
        {
            AddBinary();
        }
        else
        {
            AddQuantizedArithmetic(type);
        }

        AddConv(type, canTranspose: false);
        int[] reduced = [.. shape[..^1], 1];
        int multiplier = type == TensorType.Float32 ? 0 : (int)((1L << 31) / shape[^1] - 1);
        shape = reduced;
        Append(Opcode.Reduce, type, [(int)ReduceKind.Mean, 8, multiplier, 0]);
        return End(type != TensorType.Float32);
    }

    private byte[] MakeEmittedRecurrent(TensorType type)
    {
        quantization = type == TensorType.Int16 ? new TensorQuantization(1f / 4096, 0) : RandomQuantization();
        shape = [random.Next(1, 5), random.Next(1, 3), random.Next(1, 20)];
        current = builder.AddTensor(type, shape, NextSlot(), type == TensorType.Float32 ? null : quantization);
        builder.AddInput(current);
        if (type == TensorType.Float32)
        {
            int kind = random.Next(3);
            (Opcode opcode, int gates) = kind == 0 ? (Opcode.RNN, 1) : kind == 1 ? (Opcode.GRU, 3) : (Opcode.LSTM, 4);
            AddRecurrent(smooth: random.Next(2) == 0, opcode, gates, state: false, hidden: random.Next(1, 30));
        }
        else
        {
            AddQuantizedRecurrent(type, isLong: random.Next(2) == 0, random.Next(1, 30));
        }

        builder.AddOutput(current);
        return builder.Build();
    }

    private void AddQuantizedRecurrent(TensorType type, bool isLong, int hidden)
    {
        int cell = random.Next(4);
        int gates = isLong ? 4 : QuantizedRecurrentRule.GatesOf(cell);
        int units = gates * hidden;
        int batch = shape[1];
        int depth = shape[2];
        TensorQuantization state = type == TensorType.Int16 ? new TensorQuantization(1f / 32768, 0) : new TensorQuantization(1f / 128, random.Next(-20, 20));
        int Weights(int columns)
        {
            byte[] weights = new byte[units * columns];
            random.NextBytes(weights);
            return builder.AddConstant(TensorType.Int8, [units, columns], weights);
        }

        int Bias() => random.Next(3) == 0 ? -1
            : type == TensorType.Int8 ? builder.AddConstant(TensorType.Int32, [units], MemoryMarshal.AsBytes<int>([.. Enumerable.Range(0, units).Select(_ => random.Next(-3000, 3000))]))
            : builder.AddConstant(TensorType.Int64, [units], MemoryMarshal.AsBytes<long>([.. Enumerable.Range(0, units).Select(_ => (long)random.Next(-300_000, 300_000))]));
        int count = random.Next(3) switch { 0 => 1, 1 when isLong => gates, _ => units };
        int[] Factors(int columns)
        {
            int shift = type == TensorType.Int8 ? -1 - (int)(Math.Log2(columns) / 2) : -6 - (int)(Math.Log2(columns) / 2);
            return
            [
                builder.AddConstant(TensorType.Int32, [count], MemoryMarshal.AsBytes<int>([.. Enumerable.Range(0, count).Select(_ => random.Next(1 << 30, int.MaxValue))])),
                builder.AddConstant(TensorType.Int8, [count], MemoryMarshal.AsBytes<sbyte>([.. Enumerable.Range(0, count).Select(_ => (sbyte)(shift + random.Next(2)))])),
            ];
        }

        byte[] first = new byte[batch * hidden * TensorTypes.SizeOf(type)];
        random.NextBytes(first);
        byte[] cells = new byte[batch * hidden * sizeof(short)];
        random.NextBytes(cells);
        var cellQuantization = new TensorQuantization(1f / 2048, 0);
        var inputs = new List<int>
        {
            current,
            Weights(depth),
            Weights(hidden),
            Bias(),
            random.Next(2) == 0 ? -1 : builder.AddConstant(type, [batch, hidden], first, state),
            random.Next(2) == 0 ? -1 : builder.AddConstant(TensorType.Int16, [batch, hidden], cells, cellQuantization),
        };
        inputs.AddRange(Factors(depth));
        inputs.AddRange(Factors(hidden));
        inputs.Add(builder.AddConstant(TensorType.Int16, [256], MemoryMarshal.AsBytes<ushort>([.. Enumerable.Range(0, 256).Select(i => (ushort)Math.Min(65535, Math.Round(65536 / (1 + Math.Exp(-i / 24.0)))))])));
        if (!isLong)
        {
            inputs.Add(Bias());
        }

        int[] parameters = new int[OperatorNames.Parameters(isLong ? Opcode.QuantizedLSTM : Opcode.QuantizedRecurrent).Length];
        parameters[QuantizedLSTMRule.Reverse] = random.Next(2);
        int output = type == TensorType.Int8 ? -22 : -14;
        if (isLong)
        {
            parameters[QuantizedLSTMRule.CellClip] = random.Next(2) == 0 ? 0 : random.Next(1000, 30000);
            (parameters[QuantizedLSTMRule.CellPosition], parameters[QuantizedLSTMRule.CellPosition + 1]) = (random.Next(1, 32768), random.Next(0, 14));
            (parameters[QuantizedLSTMRule.Forget], parameters[QuantizedLSTMRule.Forget + 1]) = (random.Next(1 << 30, int.MaxValue), -14);
            (parameters[QuantizedLSTMRule.Input], parameters[QuantizedLSTMRule.Input + 1]) = (random.Next(1 << 30, int.MaxValue), -17);
            (parameters[QuantizedLSTMRule.Output], parameters[QuantizedLSTMRule.Output + 1]) = (random.Next(1 << 30, int.MaxValue), output);
        }
        else
        {
            parameters[QuantizedRecurrentRule.Cell] = cell;
            (parameters[QuantizedRecurrentRule.Output], parameters[QuantizedRecurrentRule.Output + 1]) = (random.Next(1 << 30, int.MaxValue), output);
        }

        int last = builder.AddTensor(type, [batch, hidden], 64 * 1024, state);
        int lastCell = builder.AddTensor(TensorType.Int16, [batch, hidden], 72 * 1024, cellQuantization);
        shape = [shape[0], batch, hidden];
        quantization = state;
        int states = builder.AddTensor(type, shape, NextSlot(), state);
        builder.AddOperator(isLong ? Opcode.QuantizedLSTM : Opcode.QuantizedRecurrent, [.. inputs], [states, last, lastCell], parameters);
        if (random.Next(2) == 0)
        {
            builder.AddOutput(last);
        }

        current = states;
    }

    private void AddFloatReduce()
    {
        int axes = random.Next(1, 16);
        ReduceKind[] kinds = [ReduceKind.Sum, ReduceKind.Mean, ReduceKind.Max, ReduceKind.Min];
        shape = [.. shape.Select((size, axis) => (axes & (1 << axis)) == 0 ? size : 1)];
        Append(Opcode.Reduce, TensorType.Float32, [(int)kinds[random.Next(kinds.Length)], axes, 0, 0]);
    }
}
