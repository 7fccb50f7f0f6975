using System.Runtime.InteropServices;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Nano.Tests.Models;

/// <summary>Valid models of random shapes, operators, weights and scales; a seed gives the same model on every run.</summary>
internal sealed partial class RandomModels
{
    private const int SlotBytes = 16 * 1024;

    // As large as a bias may be beside the sums of these models: the reader refuses sums that can leave 32 bits.
    private const int LargeBias = int.MaxValue - (1 << 27);

    private readonly Random random;
    private readonly ModelBuilder builder = new();
    private int current;
    private int[] shape = [];
    private TensorQuantization quantization;
    private int slot;

    private RandomModels(int seed) => random = new Random(seed);

    /// <summary>A model in fixed point, int8 but for its output.</summary>
    internal static byte[] Int8(int seed) => new RandomModels(seed).MakeInt8();

    /// <summary>A model in fixed point that changes between int8 and int16 anywhere.</summary>
    internal static byte[] Mixed(int seed) => new RandomModels(seed).MakeMixed();

    /// <summary>A model in float32.</summary>
    internal static byte[] Float32(int seed) => new RandomModels(seed).MakeFloat32();

    /// <summary>One int8 layer with ReLU, int8 to int8.</summary>
    internal static byte[] Layer(int seed, int depth, int units)
    {
        var model = new RandomModels(seed);
        model.Begin(depth, floatInput: false, rows: 1);
        model.AddDense(units, relu: true, table: false, calibrated: true);
        return model.End(dequantize: false);
    }

    /// <summary>One int16 layer, int16 to int16, some of whose outputs are clamped.</summary>
    internal static byte[] Int16Layer(int seed, int depth, int units)
    {
        var model = new RandomModels(seed);
        model.Begin(depth, floatInput: false, rows: 1, TensorType.Int16);
        model.AddInt16Dense(units, relu: false, table: false, TensorType.Int16);
        return model.End(dequantize: false);
    }

    /// <summary>One int16 layer whose weights are all the lowest there are, int16 to int16.</summary>
    internal static byte[] LowestInt16Layer(int depth, int units)
    {
        var model = new RandomModels(1);
        model.Begin(depth, floatInput: false, rows: 1, TensorType.Int16);
        model.AddInt16Dense(units, relu: false, table: false, TensorType.Int16, lowest: true);
        return model.End(dequantize: false);
    }

    /// <summary>Inputs for a model: mostly ordinary, now and then something extreme.</summary>
    internal static float[] Input(Random random, int length)
    {
        float[] input = new float[length];
        for (int i = 0; i < length; i++)
        {
            input[i] = random.Next(200) switch
            {
                0 => float.NaN,
                1 => float.PositiveInfinity,
                2 => float.NegativeInfinity,
                3 => 1e30f,
                _ => ((float)random.NextDouble() * 6f) - 3f,
            };
        }

        return input;
    }

    private byte[] MakeInt8()
    {
        bool floatInput = random.Next(2) == 0;
        Begin(random.Next(1, 70), floatInput, random.Next(4) == 0 ? random.Next(1, 4) : 1);
        bool wide = false;
        int operators = random.Next(1, 5);
        for (int i = 0; i < operators && !wide; i++)
        {
            bool last = i == operators - 1;
            TensorType type = last && random.Next(4) == 0 ? TensorType.Int16 : TensorType.Int8;
            wide = type == TensorType.Int16;
            switch (random.Next(6))
            {
                case 0:
                    AddTable(type, perChannel: shape[^1] <= 8 && random.Next(2) == 0);
                    break;
                case 1:
                    AddSoftmax(type);
                    break;
                case 2:
                    wide = false;
                    AddReshape(TensorType.Int8);
                    break;
                default:
                    AddDense(random.Next(1, 40), random.Next(2) == 0, random.Next(3) == 0, random.Next(2) == 0, type);
                    break;
            }
        }

        return End(random.Next(2) == 0);
    }

    private byte[] MakeMixed()
    {
        TensorType now = random.Next(3) == 0 ? TensorType.Int8 : TensorType.Int16;

        // Now and then more features than the halves of a packed weight can sum without being emptied.
        Begin(random.Next(20) == 0 ? random.Next(490, 1100) : random.Next(1, 70), random.Next(2) == 0, random.Next(4) == 0 ? random.Next(1, 4) : 1, now);
        int operators = random.Next(1, 6);
        for (int i = 0; i < operators; i++)
        {
            TensorType next = random.Next(3) == 0 ? TensorType.Int8 : TensorType.Int16;
            switch (random.Next(6))
            {
                case 0 when now == TensorType.Int8:
                    AddTable(next, perChannel: random.Next(2) == 0);
                    break;
                case 0:
                    AddInt16Table(next);
                    break;
                case 1 when now == TensorType.Int8:
                    AddSoftmax(next);
                    break;
                case 1:
                    AddInt16Softmax();
                    next = TensorType.Int16;
                    break;
                case 2:
                    AddReshape(now);
                    next = now;
                    break;
                case var _ when now == TensorType.Int8:
                    AddDense(random.Next(1, 40), random.Next(2) == 0, random.Next(3) == 0, random.Next(2) == 0, next);
                    break;
                default:
                    AddInt16Dense(random.Next(1, 40), random.Next(2) == 0, random.Next(3) == 0, next);
                    break;
            }

            now = next;
        }

        return End(random.Next(2) == 0);
    }

    private byte[] MakeFloat32()
    {
        shape = [random.Next(3) == 0 ? random.Next(1, 4) : 1, random.Next(1, 40)];
        current = builder.AddTensor(TensorType.Float32, shape, NextSlot());
        builder.AddInput(current);
        int operators = random.Next(1, 5);
        for (int i = 0; i < operators; i++)
        {
            switch (random.Next(6))
            {
                case 0:
                    AddActivation(first: i == 0);
                    break;
                case 1:
                    int output = builder.AddTensor(TensorType.Float32, shape, NextSlot());
                    builder.AddOperator(Opcode.Softmax, [current], [output], [Bits(1f), 0, 0, 0]);
                    current = output;
                    break;
                case 2:
                    AddReshape(TensorType.Float32);
                    break;
                case 3:
                    AddBinary();
                    break;
                default:
                    AddFloatDense();
                    break;
            }
        }

        builder.AddOutput(current, OutputRole.Probability);
        return builder.Build();
    }

    private void Begin(int features, bool floatInput, int rows, TensorType type = TensorType.Int8)
    {
        shape = [rows, features];
        quantization = type == TensorType.Int16 ? RandomInt16Quantization() : RandomQuantization();
        if (!floatInput)
        {
            current = builder.AddTensor(type, shape, NextSlot(), quantization);
            builder.AddInput(current);
            return;
        }

        int source = builder.AddTensor(TensorType.Float32, shape, NextSlot());
        builder.AddInput(source);
        current = builder.AddTensor(type, shape, NextSlot(), quantization);
        int offsets = random.Next(2) == 0 ? -1 : AddFloats(features, -1f, 1f);
        int scales = random.Next(2) == 0 ? -1 : AddFloats(features, quantization.Scale * 2f, quantization.Scale * 20f);
        builder.AddOperator(Opcode.Quantize, [source, offsets, scales], [current], []);
    }

    private byte[] End(bool dequantize)
    {
        if (dequantize)
        {
            int output = builder.AddTensor(TensorType.Float32, shape, NextSlot());
            builder.AddOperator(Opcode.Dequantize, [current], [output], []);
            current = output;
        }

        builder.AddOutput(current, OutputRole.Probability);
        builder.AddText(MetadataKey.Name, "random");
        return builder.Build();
    }

    // Calibrated: the multiplier is such that outputs use the range, as in a model that came out of training.
    private void AddDense(int units, bool relu, bool table, bool calibrated, TensorType type = TensorType.Int8)
    {
        int depth = shape[^1];
        sbyte[] weights = new sbyte[units * depth];
        int largest = random.Next(3) == 0 ? 128 : random.Next(1, 128);
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (sbyte)random.Next(-largest, Math.Min(largest + 1, 128));
        }

        int channels = random.Next(2) == 0 ? 1 : units;
        int[] multipliers = new int[channels];
        int[] shifts = new int[channels];
        bool noShift = !calibrated && random.Next(4) == 0;
        for (int i = 0; i < channels; i++)
        {
            multipliers[i] = random.Next(20) == 0 ? random.Next() : random.Next(1 << 30, int.MaxValue);
            int usual = type == TensorType.Int16 && !table ? 2 : -4 - (int)(Math.Log2(depth) / 2) - (largest > 64 ? 2 : 0);
            shifts[i] = calibrated ? usual : noShift ? random.Next(-1, 8) : random.Next(-20, 1);
        }

        int[] bias = new int[units];
        for (int i = 0; i < units; i++)
        {
            bias[i] = random.Next(30) == 0 && !calibrated ? random.Next(-LargeBias, LargeBias) : random.Next(-3000, 3000);
        }

        TensorQuantization result = type == TensorType.Int16 ? new TensorQuantization(0.001f, 0) : RandomQuantization();
        bool clamped8 = table || type == TensorType.Int8;
        int zeroPoint = table ? random.Next(-128, 128) : result.ZeroPoint;
        int min = relu ? zeroPoint : clamped8 ? -128 : -32768;
        shape = [.. shape[..^1], units];
        int output = builder.AddTensor(type, shape, NextSlot(), result);
        int[] inputs =
        [
            current,
            builder.AddConstant(TensorType.Int8, [units, depth], MemoryMarshal.AsBytes<sbyte>(weights)),
            random.Next(5) == 0 ? -1 : builder.AddConstant(TensorType.Int32, [units], MemoryMarshal.AsBytes<int>(bias)),
            builder.AddConstant(TensorType.Int32, [channels], MemoryMarshal.AsBytes<int>(multipliers)),
            builder.AddConstant(TensorType.Int8, [channels], MemoryMarshal.AsBytes<sbyte>(Array.ConvertAll(shifts, Convert.ToSByte))),
            table ? AddTableConstant(type) : -1,
        ];
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Dense).Length];
        parameters[DenseRule.Min] = min;
        parameters[DenseRule.Max] = clamped8 ? 127 : 32767;
        parameters[DenseRule.ZeroPoint] = zeroPoint;
        builder.AddOperator(Opcode.Dense, inputs, [output], parameters);
        current = output;
        quantization = result;
    }

    private void AddInt16Dense(int units, bool relu, bool table, TensorType type, bool lowest = false)
    {
        int depth = shape[^1];
        sbyte[] weights = new sbyte[units * depth];
        bool extreme = lowest || random.Next(4) == 0;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (sbyte)(extreme ? -128 : random.Next(-128, 128));
        }

        int channels = random.Next(2) == 0 ? 1 : units;
        int[] multipliers = new int[channels];
        int[] shifts = new int[channels];
        bool clamped8 = table || type == TensorType.Int8;
        int usual = lowest ? -9 - (int)Math.Log2(depth) : (clamped8 ? -14 : -6) - (int)(Math.Log2(depth) / 2);
        for (int i = 0; i < channels; i++)
        {
            multipliers[i] = random.Next(20) == 0 ? int.MaxValue - random.Next(70_000) : random.Next(1 << 30, int.MaxValue);
            shifts[i] = !lowest && random.Next(8) == 0 ? random.Next(-31, 8) : usual;
        }

        // 46 bits are what a file may have.
        long[] bias = new long[units];
        for (int i = 0; i < units; i++)
        {
            bias[i] = !lowest && random.Next(10) == 0 ? random.NextInt64(-(1L << 46), 1L << 46) : random.Next(-3_000_000, 3_000_000);
        }

        TensorQuantization result = type == TensorType.Int16 ? RandomInt16Quantization() : RandomQuantization();
        int zeroPoint = table ? random.Next(-128, 128) : result.ZeroPoint;
        shape = [.. shape[..^1], units];
        int output = builder.AddTensor(type, shape, NextSlot(), result);
        int[] inputs =
        [
            current,
            builder.AddConstant(TensorType.Int8, [units, depth], MemoryMarshal.AsBytes<sbyte>(weights)),
            random.Next(5) == 0 ? -1 : builder.AddConstant(TensorType.Int64, [units], MemoryMarshal.AsBytes<long>(bias)),
            builder.AddConstant(TensorType.Int32, [channels], MemoryMarshal.AsBytes<int>(multipliers)),
            builder.AddConstant(TensorType.Int8, [channels], MemoryMarshal.AsBytes<sbyte>(Array.ConvertAll(shifts, Convert.ToSByte))),
            table ? AddTableConstant(type) : -1,
        ];
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Dense).Length];
        parameters[DenseRule.Min] = relu ? zeroPoint : clamped8 ? -128 : -32768;
        parameters[DenseRule.Max] = clamped8 ? 127 : 32767;
        parameters[DenseRule.ZeroPoint] = zeroPoint;
        builder.AddOperator(Opcode.Dense, inputs, [output], parameters);
        current = output;
        quantization = result;
    }

    private void AddInt16Table(TensorType type)
    {
        TensorQuantization result = type == TensorType.Int16 ? RandomInt16Quantization() : RandomQuantization();
        int output = builder.AddTensor(type, shape, NextSlot(), result);
        var starts = new SortedSet<int> { short.MinValue };
        for (int i = random.Next(30); i > 0; i--)
        {
            starts.Add(random.Next(short.MinValue, short.MaxValue + 1));
        }

        // A shift of a segment's length at least, so that no coefficient is too large.
        int[] segments = [.. starts.Zip(starts.Skip(1).Append(short.MaxValue + 1)).SelectMany(part => new[]
        {
            (part.First << InterpolationTable.ShiftBits) + random.Next(32 - int.LeadingZeroCount(part.Second - part.First - 1), 17),
            random.Next(),
            random.Next(int.MinValue, int.MaxValue),
            random.Next(int.MinValue, int.MaxValue),
            random.Next(int.MinValue, int.MaxValue),
        })];
        int table = builder.AddConstant(TensorType.Int32, [segments.Length], MemoryMarshal.AsBytes<int>(segments));
        builder.AddOperator(Opcode.Table, [current, table], [output], []);
        current = output;
        quantization = result;
    }

    private void AddInt16Softmax()
    {
        QuantizedMultiplier multiplier = Int16SoftmaxTables.Multiplier(quantization.Scale, 1f);
        var result = new TensorQuantization(1f / 32768, 0);
        int output = builder.AddTensor(TensorType.Int16, shape, NextSlot(), result);
        int[] inputs = [current, AddShorts(Int16SoftmaxTables.Exponentials()), AddShorts(Int16SoftmaxTables.Reciprocals())];
        builder.AddOperator(Opcode.Softmax, inputs, [output], [Bits(1f), multiplier.Multiplier, multiplier.Shift, 0]);
        current = output;
        quantization = result;
    }

    private void AddTable(TensorType type, bool perChannel = false)
    {
        TensorQuantization result = type == TensorType.Int16 ? new TensorQuantization(0.001f, 0) : RandomQuantization();
        int output = builder.AddTensor(type, shape, NextSlot(), result);
        builder.AddOperator(Opcode.Table, [current, AddTableConstant(type, perChannel ? shape[^1] : 1)], [output], []);
        current = output;
        quantization = result;
    }

    // The parameters that TensorFlow Lite derives from the input's scale, for a beta of 1.
    private void AddSoftmax(TensorType type)
    {
        double multiplier = Math.Min(quantization.Scale * (1 << 26), int.MaxValue);
        int exponent = (int)Math.Floor(Math.Log2(multiplier)) + 1;
        int leftShift = Math.Max(0, exponent);
        int fixedPoint = (int)Math.Min(int.MaxValue, Math.Round(multiplier / Math.Pow(2, exponent) * (1L << 31)));
        double radius = ((1 << 5) - 1) * (double)(1 << 26) / (1L << leftShift);
        var result = type == TensorType.Int16 ? new TensorQuantization(1f / 65536, 0) : new TensorQuantization(1f / 256, -128);
        int output = builder.AddTensor(type, shape, NextSlot(), result);
        builder.AddOperator(Opcode.Softmax, [current], [output], [Bits(1f), fixedPoint, leftShift, Math.Max(-32768, -(int)Math.Floor(radius))]);
        current = output;
        quantization = result;
    }

    private void AddReshape(TensorType type)
    {
        int elements = shape.Aggregate(1, (product, size) => product * size);
        shape = random.Next(2) == 0 ? [elements] : [1, 1, elements];
        TensorQuantization? kept = type == TensorType.Float32 ? null : quantization;
        bool alias = random.Next(2) == 0;
        int output = builder.AddTensor(type, shape, alias ? slot : NextSlot(), kept);
        builder.AddOperator(Opcode.Reshape, [current], [output], []);
        current = output;
    }

    private void AddActivation(bool first)
    {
        // The two with a jump take their input unchanged, because a last-bit difference before a jump is a large one after it.
        ActivationKind kind;
        do
        {
            kind = (ActivationKind)random.Next(0, ActivationKinds.Count);
        }
        while (!first && kind is ActivationKind.Step or ActivationKind.ThresholdedReLU);

        var function = EdgeInference.ModelConverter.Activations.ActivationFunctions.Get(kind);
        int output = builder.AddTensor(TensorType.Float32, shape, random.Next(2) == 0 ? slot : NextSlot());
        int[] inputs = kind == ActivationKind.PReLU ? [current, AddFloats(shape[^1], -1f, 1f)] : [current];
        builder.AddOperator(Opcode.Activation, inputs, [output], [(int)kind, Bits(function.DefaultAlpha), Bits(function.DefaultBeta)]);
        current = output;
    }

    private void AddBinary()
    {
        Opcode opcode = Opcode.Add + random.Next(4);
        int[] other = random.Next(3) switch { 0 => [1], 1 => [shape[^1]], _ => shape };
        int elements = other.Aggregate(1, (product, size) => product * size);
        int constant = AddFloats(elements, 0.5f, 2f, other);
        int output = builder.AddTensor(TensorType.Float32, shape, NextSlot());
        builder.AddOperator(opcode, random.Next(4) == 0 && opcode != Opcode.Div ? [constant, current] : [current, constant], [output], new int[OperatorNames.Parameters(Opcode.Add).Length]);
        current = output;
    }

    private void AddFloatDense()
    {
        int depth = shape[^1];
        int units = random.Next(1, 30);
        ActivationKind kind;
        do
        {
            kind = (ActivationKind)random.Next(0, ActivationKinds.Count);
        }
        while (kind is ActivationKind.PReLU or ActivationKind.Step or ActivationKind.ThresholdedReLU);

        var function = EdgeInference.ModelConverter.Activations.ActivationFunctions.Get(kind);
        float bound = 1f / MathF.Sqrt(depth);
        int weights = AddFloats(units * depth, -bound, bound, [units, depth]);
        int bias = random.Next(4) == 0 ? -1 : AddFloats(units, -0.2f, 0.2f);
        shape = [.. shape[..^1], units];
        int output = builder.AddTensor(TensorType.Float32, shape, NextSlot());
        builder.AddOperator(Opcode.Dense, [current, weights, bias], [output], [(int)kind, Bits(function.DefaultAlpha), Bits(function.DefaultBeta), 0, 0, 0]);
        current = output;
    }

    private TensorQuantization RandomQuantization() => new(0.005f + ((float)random.NextDouble() * 0.05f), random.Next(-128, 128));

    private TensorQuantization RandomInt16Quantization() => new(0.00005f + ((float)random.NextDouble() * 0.001f), 0);

    private int AddTableConstant(TensorType type, int channels = 1)
    {
        int entries = 256 * channels;
        if (type == TensorType.Int8)
        {
            byte[] table = new byte[entries];
            random.NextBytes(table);
            return builder.AddConstant(TensorType.Int8, [entries], table);
        }

        short[] wide = new short[entries];
        random.NextBytes(MemoryMarshal.AsBytes(wide.AsSpan()));
        return AddShorts(wide);
    }

    private int AddShorts(short[] values) => builder.AddConstant(TensorType.Int16, [values.Length], MemoryMarshal.AsBytes<short>(values));

    private int AddFloats(int count, float low, float high, int[]? dimensions = null)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = low + ((float)random.NextDouble() * (high - low));
        }

        return builder.AddConstant(TensorType.Float32, dimensions ?? [count], MemoryMarshal.AsBytes<float>(values));
    }

    // Two places in turn, so that tensors that are not alive together share one.
    private int NextSlot()
    {
        slot = slot == 0 ? SlotBytes : 0;
        return slot;
    }

    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);
}
