using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Nano.Tests.Models;

/// <summary>Models of images: convolutions, pools, and what moves or combines tensors of four dimensions.</summary>
internal sealed partial class RandomModels
{
    private const int MostElements = 1500;
    private const int Moves = 7;
    private const int Choices = 5;

    /// <summary>Convolutions, pools, shape operators and arithmetic on int8 or int16 images.</summary>
    internal static byte[] QuantizedImage(int seed) => new RandomModels(seed).MakeQuantizedImage();

    /// <summary>The same in float32, with operators alone whose formula every engine follows in one order.</summary>
    internal static byte[] Float32Image(int seed) => new RandomModels(seed).MakeFloat32Image();

    private byte[] MakeQuantizedImage()
    {
        bool wide = random.Next(4) == 0;
        TensorType type = wide ? TensorType.Int16 : TensorType.Int8;
        quantization = wide ? RandomInt16Quantization() : RandomQuantization();
        BeginImage(type);
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            switch (random.Next(wide ? 3 : 6))
            {
                case 0:
                    AddMove(type);
                    break;
                case 1:
                    AddQuantizedArithmetic(type);
                    break;
                case 2:
                    AddQuantizedReduce(type);
                    break;
                default:
                    AddConv(type);
                    break;
            }
        }

        return End(random.Next(2) == 0);
    }

    private byte[] MakeFloat32Image()
    {
        BeginImage(TensorType.Float32);
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            switch (random.Next(6))
            {
                case 0:
                    AddMove(TensorType.Float32);
                    break;
                case 1:
                    AddBinary();
                    break;
                case 2:
                    AddChoice(random.Next(Choices));
                    break;
                default:
                    AddConv(TensorType.Float32);
                    break;
            }
        }

        return End(dequantize: false);
    }

    private void BeginImage(TensorType type)
    {
        shape = [random.Next(3) == 0 ? 2 : 1, random.Next(1, 9), random.Next(1, 9), random.Next(1, 10)];
        current = builder.AddTensor(type, shape, NextSlot(), type == TensorType.Float32 ? null : quantization);
        builder.AddInput(current);
    }

    private void AddMove(TensorType type) => AddMove(type, random.Next(Moves));

    private void AddMove(TensorType type, int move)
    {
        switch (move)
        {
            case 0:
                AddTranspose(type);
                break;
            case 1:
                AddSlice(type);
                break;
            case 2:
                AddExpand(type);
                break;
            case 3:
                AddConcat(type);
                break;
            case 4:
                AddPad(type);
                break;
            case 5:
                AddGather(type);
                break;
            default:
                AddPool(type);
                break;
        }
    }

    private void AddTranspose(TensorType type)
    {
        int[] order = [0, 1, 2, 3];
        random.Shuffle(order);
        shape = [.. order.Select(axis => shape[axis])];
        Append(Opcode.Transpose, type, [.. order, 0, 0]);
    }

    private void AddSlice(TensorType type)
    {
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Slice).Length];
        int[] result = new int[4];
        for (int axis = 0; axis < 4; axis++)
        {
            int size = shape[axis];
            int start = random.Next(size);
            int step = random.Next(1, 3) * (random.Next(2) == 0 ? 1 : -1);
            step = Math.Clamp(step, -size, size);
            int most = step > 0 ? (size - 1 - start) / step : start / -step;
            result[axis] = random.Next(most + 1) + 1;
            parameters[SliceRule.Start + axis] = start;
            parameters[SliceRule.Step + axis] = step;
        }

        shape = result;
        Append(Opcode.Slice, type, parameters);
    }

    private void AddExpand(TensorType type)
    {
        int[] result = [.. shape.Select(size => size == 1 && shape.Aggregate(1, (a, b) => a * b) < 300 ? random.Next(1, 4) : size)];
        if (FitsSlot(result))
        {
            shape = result;
            Append(Opcode.Expand, type, []);
        }
    }

    private void AddConcat(TensorType type)
    {
        int axis = random.Next(4);
        int[] other = [.. shape];
        other[axis] = random.Next(1, 4);
        int constant = AddImageConstant(type, other);
        int size = shape[axis];
        bool twice = shape.Aggregate(1, (a, b) => a * b) < MostElements / 2;
        int[] inputs = twice ? [current, constant, current] : [constant, current];
        int[] result = [.. shape];
        result[axis] = other[axis] + (twice ? 2 * size : size);
        if (FitsSlot(result))
        {
            shape = result;
            Append(Opcode.Concat, type, [axis], inputs);
        }
    }

    // What is larger, as operators one after the other can become, would lie over the tensor that it is computed from.
    private static bool FitsSlot(int[] result) => result.Aggregate(1, (a, b) => a * b) * sizeof(float) <= SlotBytes;

    private void AddPad(TensorType type)
    {
        if (shape.Aggregate(1, (a, b) => a * b) > 400)
        {
            return;
        }

        int[] parameters = new int[OperatorNames.Parameters(Opcode.Pad).Length];
        int mode = random.Next((int)PadMode.Wrap + 1);
        int[] result = [.. shape];
        for (int axis = random.Next(3); axis < 4; axis++)
        {
            int most = mode == (int)PadMode.Reflect ? Math.Min(shape[axis] - 1, 2) : 2;
            int before = random.Next(most + 1);
            parameters[PadRule.Before + axis] = before;
            result[axis] += before + random.Next(most + 1);
        }

        if (!FitsSlot(result))
        {
            return;
        }

        parameters[PadRule.Mode] = mode;
        parameters[PadRule.Value] = type == TensorType.Float32 ? Bits((float)random.NextDouble()) : quantization.ZeroPoint;
        shape = result;
        Append(Opcode.Pad, type, parameters);
    }

    private void AddGather(TensorType type)
    {
        int axis = random.Next(4);
        bool computed = random.Next(2) == 0;
        int count = random.Next(1, Math.Min(shape[axis], 5) + 1);
        int indices = computed
            ? AddFloats(count, -shape[axis] - 2, shape[axis] + 2)
            : builder.AddConstant(TensorType.Int32, [count], MemoryMarshal.AsBytes<int>(Enumerable.Range(0, count).Select(_ => random.Next(shape[axis])).ToArray()));
        shape = [.. shape];
        shape[axis] = count;
        Append(Opcode.Gather, type, [axis], [current, indices]);
    }

    private void AddPool(TensorType type)
    {
        int[] parameters = new int[OperatorNames.Parameters(Opcode.MaxPool).Length];
        int[] result = [.. shape];
        for (int i = 0; i < 2; i++)
        {
            int size = shape[1 + i];
            int kernel = random.Next(4) == 0 ? size : random.Next(1, 5);
            int dilation = random.Next(1, 3);
            int stride = random.Next(1, 4);
            int pad = random.Next(3);
            int padEnd = random.Next(3);
            parameters[PoolRule.Kernel + i] = kernel;
            parameters[PoolRule.Stride + i] = stride;
            parameters[PoolRule.Dilation + i] = dilation;
            parameters[PoolRule.Pad + i] = pad;
            parameters[PoolRule.PadEnd + i] = padEnd;
            result[1 + i] = Math.Max(1, ((size + pad + padEnd - ((kernel - 1) * dilation) - 1) / stride) + 1);
        }

        parameters[PoolRule.CountIncludePad] = random.Next(2);
        int limit = type == TensorType.Int8 ? 128 : 32768;
        parameters[PoolRule.Min] = random.Next(3) == 0 ? random.Next(-limit, limit) : -limit;
        parameters[PoolRule.Min + 1] = random.Next(3) == 0 ? random.Next(parameters[PoolRule.Min], limit) : limit - 1;
        if (!FitsSlot(result))
        {
            return;
        }

        shape = result;
        Append(random.Next(2) == 0 ? Opcode.MaxPool : Opcode.AveragePool, type, parameters);
    }

    private void AddQuantizedArithmetic(TensorType type)
    {
        int[] other = [.. shape[random.Next(5)..].Select(size => random.Next(3) == 0 ? 1 : size)];
        TensorQuantization second = type == TensorType.Int16 ? RandomInt16Quantization() : RandomQuantization();
        int b = random.Next(4) == 0 ? current : AddImageConstant(type, other, second);
        bool turned = random.Next(2) == 0;
        Opcode opcode = Opcode.Add + random.Next(3);
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Add).Length];
        parameters[BinaryRule.MultiplierA] = random.Next(1 << 30, int.MaxValue);
        parameters[BinaryRule.ShiftA] = -random.Next(4);
        parameters[BinaryRule.MultiplierB] = random.Next(1 << 30, int.MaxValue);
        parameters[BinaryRule.ShiftB] = -random.Next(4);
        parameters[BinaryRule.Multiplier] = random.Next(20) == 0 ? random.Next() : random.Next(1 << 30, int.MaxValue);
        int usual = opcode == Opcode.Mul ? (type == TensorType.Int8 ? -6 : -14) : (type == TensorType.Int8 ? -19 : -14);
        parameters[BinaryRule.Shift] = random.Next(8) == 0 ? random.Next(-31, 31) : usual - random.Next(2);
        int limit = type == TensorType.Int8 ? 128 : 32768;
        parameters[BinaryRule.Min] = random.Next(3) == 0 ? random.Next(-limit, limit) : -limit;
        parameters[BinaryRule.Max] = random.Next(3) == 0 ? random.Next(parameters[BinaryRule.Min], limit) : limit - 1;
        quantization = type == TensorType.Int16 ? RandomInt16Quantization() : RandomQuantization();
        Append(opcode, type, parameters, turned ? [b, current] : [current, b]);
    }

    private void AddQuantizedReduce(TensorType type)
    {
        int axes = random.Next(16);
        int kind = random.Next((int)ReduceKind.Min + 1);
        int count = 1;
        int[] result = [.. shape];
        for (int axis = 0; axis < 4; axis++)
        {
            if ((axes & (1 << axis)) != 0)
            {
                count *= result[axis];
                result[axis] = 1;
            }
        }

        bool isSum = kind is (int)ReduceKind.Sum or (int)ReduceKind.Mean;
        int shift = random.Next(8) == 0 ? random.Next(-31, 31) : -(int)Math.Log2(count);
        if (isSum)
        {
            quantization = type == TensorType.Int16 ? RandomInt16Quantization() : RandomQuantization();
        }

        shape = result;
        Append(Opcode.Reduce, type, [kind, axes, isSum ? random.Next(1 << 30, int.MaxValue) : 0, isSum ? shift : 0]);
    }

    // What chooses among numbers, or multiplies and adds them in one order.
    private void AddChoice(int choice)
    {
        switch (choice)
        {
            case 0:
                UnaryKind[] functions = [UnaryKind.Abs, UnaryKind.Neg, UnaryKind.Square, UnaryKind.Clip, UnaryKind.Not, UnaryKind.IsNaN, UnaryKind.Sign];
                Append(Opcode.Unary, TensorType.Float32, [(int)functions[random.Next(functions.Length)], Bits(-0.3f), Bits(0.7f)]);
                break;
            case 1:
                BinaryKind[] kinds = [BinaryKind.Min, BinaryKind.Max, BinaryKind.Equal, BinaryKind.Less, BinaryKind.LessOrEqual, BinaryKind.And, BinaryKind.Or, BinaryKind.Xor];
                int[] other = [.. shape[random.Next(5)..].Select(size => random.Next(3) == 0 ? 1 : size)];
                int constant = AddImageConstant(TensorType.Float32, other);
                Append(Opcode.Binary, TensorType.Float32, [(int)kinds[random.Next(kinds.Length)]], random.Next(2) == 0 ? [current, constant] : [constant, current]);
                break;
            case 2:
                int left = AddImageConstant(TensorType.Float32, [.. shape.Select(size => random.Next(3) == 0 ? 1 : size)]);
                int right = AddImageConstant(TensorType.Float32, [.. shape[random.Next(4)..].Select(size => random.Next(3) == 0 ? 1 : size)]);
                int[] inputs = [current, left, right];
                random.Shuffle(inputs);
                Append(Opcode.Where, TensorType.Float32, [], inputs);
                break;
            case 3:
                AddMatMul();
                break;
            default:
                AddExtreme();
                break;
        }
    }

    private void AddMatMul()
    {
        int columns = random.Next(1, 7);
        bool first = random.Next(3) == 0;
        int[] batch = random.Next(3) switch { 0 => [], 1 => [shape[1]], _ => [random.Next(2) == 0 ? 1 : shape[0], 1] };
        int constant = AddImageConstant(TensorType.Float32, first ? [.. batch, columns, shape[2]] : [.. batch, shape[3], columns]);
        int[] result = first ? [.. shape[..2], columns, shape[3]] : [.. shape[..3], columns];
        if (FitsSlot(result))
        {
            shape = result;
            Append(Opcode.MatMul, TensorType.Float32, [], first ? [constant, current] : [current, constant]);
        }
    }

    private void AddExtreme()
    {
        int axis = random.Next(4);
        int[] result = [.. shape];
        result[axis] = 1;
        if (random.Next(2) == 0)
        {
            shape = result;
            Append(Opcode.ArgReduce, TensorType.Float32, [random.Next(2), axis, random.Next(2)]);
            return;
        }

        int second = random.Next(4);
        result[second] = 1;
        shape = result;
        Append(Opcode.Reduce, TensorType.Float32, [(int)(random.Next(2) == 0 ? ReduceKind.Max : ReduceKind.Min), (1 << axis) | (1 << second), 0, 0]);
    }

    private void AddConv(TensorType type, bool canTranspose = true)
    {
        int channels = shape[3];
        int groups = random.Next(3) switch
        {
            0 => channels,
            1 => 1,
            _ => Enumerable.Range(1, channels).Where(value => channels % value == 0).OrderBy(_ => random.Next()).First(),
        };
        int units = groups * random.Next(1, groups > 4 ? 3 : 8);
        int depth = channels / groups;
        bool pointwise = random.Next(4) == 0;
        bool transposed = canTranspose && !pointwise && random.Next(4) == 0 && shape[1] * shape[2] < 30;
        int[] kernel = pointwise ? [1, 1] : [random.Next(1, 5), random.Next(1, 5)];
        int[] parameters = new int[OperatorNames.Parameters(Opcode.Conv).Length];
        int[] result = [shape[0], 0, 0, units];
        for (int i = 0; i < 2; i++)
        {
            int stride = pointwise ? 1 : random.Next(1, 3);
            int dilation = pointwise ? 1 : random.Next(1, 3);
            int pad = pointwise ? 0 : random.Next(3);
            int reach = ((kernel[i] - 1) * dilation) + 1;
            parameters[ConvRule.Stride + i] = stride;
            parameters[ConvRule.Dilation + i] = dilation;
            parameters[ConvRule.Pad + i] = pad;
            int size = shape[1 + i];
            result[1 + i] = Math.Max(1, transposed ? ((size - 1) * stride) + reach - (2 * pad) + random.Next(2) : pointwise ? size : ((size + pad + random.Next(2) - reach) / stride) + 1);
        }

        if (result.Aggregate(1, (a, b) => a * b) > MostElements)
        {
            return;
        }

        parameters[ConvRule.Groups] = groups;
        int[] weightShape = [units, kernel[0], kernel[1], depth];
        int sums = kernel[0] * kernel[1] * depth;
        int[] inputs;
        if (type == TensorType.Float32)
        {
            parameters[DenseRule.Activation] = (int)(random.Next(2) == 0 ? ActivationKind.ReLU : ActivationKind.Linear);
            inputs = [current, AddFloats(units * sums, -0.5f, 0.5f, weightShape), random.Next(4) == 0 ? -1 : AddFloats(units, -0.2f, 0.2f)];
        }
        else
        {
            inputs = type == TensorType.Int8 ? QuantizedConvInputs(units, sums, weightShape, parameters) : Int16ConvInputs(units, sums, weightShape, parameters);
        }

        shape = result;
        Append(transposed ? Opcode.ConvTranspose : Opcode.Conv, type, parameters, inputs);
    }

    private int[] QuantizedConvInputs(int units, int sums, int[] weightShape, int[] parameters)
    {
        sbyte[] weights = new sbyte[units * sums];
        random.NextBytes(MemoryMarshal.AsBytes(weights.AsSpan()));
        if (random.Next(4) == 0)
        {
            Array.Fill(weights, (sbyte)-128);
        }

        int perChannel = random.Next(2) == 0 ? 1 : units;
        bool odd = random.Next(4) == 0;
        int[] multipliers = [.. Enumerable.Range(0, perChannel).Select(_ => random.Next(20) == 0 ? random.Next() : random.Next(1 << 30, int.MaxValue))];
        int[] shifts = [.. Enumerable.Range(0, perChannel).Select(_ => odd ? random.Next(-31, 5) : -6 - (int)(Math.Log2(sums) / 2))];
        bool large = random.Next(4) == 0;
        int[] bias = [.. Enumerable.Range(0, units).Select(_ => large ? random.Next(-LargeBias, LargeBias) : random.Next(-3000, 3000))];
        int source = current;
        quantization = RandomQuantization();
        bool table = random.Next(3) == 0;
        int zeroPoint = table ? random.Next(-128, 128) : quantization.ZeroPoint;
        parameters[DenseRule.Min] = random.Next(2) == 0 ? zeroPoint : -128;
        parameters[DenseRule.Max] = 127;
        parameters[DenseRule.ZeroPoint] = zeroPoint;
        return
        [
            source,
            builder.AddConstant(TensorType.Int8, weightShape, MemoryMarshal.AsBytes<sbyte>(weights)),
            random.Next(5) == 0 ? -1 : builder.AddConstant(TensorType.Int32, [units], MemoryMarshal.AsBytes<int>(bias)),
            builder.AddConstant(TensorType.Int32, [perChannel], MemoryMarshal.AsBytes<int>(multipliers)),
            builder.AddConstant(TensorType.Int8, [perChannel], MemoryMarshal.AsBytes<sbyte>(Array.ConvertAll(shifts, Convert.ToSByte))),
            table ? AddTableConstant(TensorType.Int8) : -1,
        ];
    }

    private int[] Int16ConvInputs(int units, int sums, int[] weightShape, int[] parameters)
    {
        sbyte[] weights = new sbyte[units * sums];
        random.NextBytes(MemoryMarshal.AsBytes(weights.AsSpan()));
        int perChannel = random.Next(2) == 0 ? 1 : units;
        bool odd = random.Next(4) == 0;
        int[] multipliers = [.. Enumerable.Range(0, perChannel).Select(_ => random.Next(20) == 0 ? random.Next() : random.Next(1 << 30, int.MaxValue))];
        int[] shifts = [.. Enumerable.Range(0, perChannel).Select(_ => odd ? random.Next(-31, 5) : -6 - (int)(Math.Log2(sums) / 2))];
        long[] bias = [.. Enumerable.Range(0, units).Select(_ => random.NextInt64(-300_000, 300_000))];
        int source = current;
        quantization = RandomInt16Quantization();
        parameters[DenseRule.Min] = random.Next(2) == 0 ? 0 : short.MinValue;
        parameters[DenseRule.Max] = short.MaxValue;
        return
        [
            source,
            builder.AddConstant(TensorType.Int8, weightShape, MemoryMarshal.AsBytes<sbyte>(weights)),
            random.Next(5) == 0 ? -1 : builder.AddConstant(TensorType.Int64, [units], MemoryMarshal.AsBytes<long>(bias)),
            builder.AddConstant(TensorType.Int32, [perChannel], MemoryMarshal.AsBytes<int>(multipliers)),
            builder.AddConstant(TensorType.Int8, [perChannel], MemoryMarshal.AsBytes<sbyte>(Array.ConvertAll(shifts, Convert.ToSByte))),
            -1,
        ];
    }

    private int AddImageConstant(TensorType type, int[] dimensions, TensorQuantization? own = null)
    {
        int elements = dimensions.Aggregate(1, (product, size) => product * size);
        if (type == TensorType.Float32)
        {
            return AddFloats(elements, -1f, 1f, dimensions);
        }

        byte[] values = new byte[elements * TensorTypes.SizeOf(type)];
        random.NextBytes(values);
        return builder.AddConstant(type, dimensions, values, own ?? quantization);
    }

    // An operator on the current tensor, or on inputs of its own, whose output has the current shape.
    private void Append(Opcode opcode, TensorType type, int[] parameters, int[]? inputs = null)
    {
        int output = builder.AddTensor(type, shape, NextSlot(), type == TensorType.Float32 ? null : quantization);
        builder.AddOperator(opcode, inputs ?? [current], [output], parameters);
        current = output;
    }
}
