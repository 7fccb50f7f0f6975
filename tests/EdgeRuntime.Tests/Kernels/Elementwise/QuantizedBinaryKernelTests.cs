using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Kernels.Elementwise;

/// <summary>Quantized Add, Sub and Mul by vectors give the bytes of the scalar twin.</summary>
public class QuantizedBinaryKernelTests
{
    private const int Draws = 60;

    public static TheoryData<string> Opcodes => [nameof(Opcode.Add), nameof(Opcode.Sub), nameof(Opcode.Mul)];

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void Every_pair_of_int8_gives_the_bytes_of_the_scalar_twin(string name)
    {
        Opcode opcode = Enum.Parse<Opcode>(name);
        sbyte[] all = [.. Enumerable.Range(-128, 256).Select(code => (sbyte)code)];
        byte[] a = MemoryMarshal.AsBytes<sbyte>([.. all.SelectMany(first => Enumerable.Repeat(first, 256))]).ToArray();
        byte[] b = MemoryMarshal.AsBytes<sbyte>([.. all.SelectMany(_ => all)]).ToArray();
        var random = new Random(3);
        foreach (int[] zeroPoints in new int[][] { [0, 0, 0], [-128, 127, -128], [127, -128, 127], [-3, 40, 5] })
        {
            AssertSame(BinaryModel.Build(opcode, TensorType.Int8, [65536], [65536], zeroPoints, BinaryModel.Factors(random, opcode, TensorType.Int8)), a, b);
            AssertSame(BinaryModel.Build(opcode, TensorType.Int8, [65536], [65536], zeroPoints, BinaryModel.AnyFactors(random, TensorType.Int8)), a, b);
        }
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void Factors_of_any_size_give_the_bytes_of_the_scalar_twin(string name)
    {
        Opcode opcode = Enum.Parse<Opcode>(name);
        var random = new Random(4);
        int run = 0;
        for (int i = 0; i < 6 * Draws; i++)
        {
            TensorType type = i % 3 == 0 ? TensorType.Int16 : TensorType.Int8;
            int[] zeroPoints = [ZeroPoint(random, type), ZeroPoint(random, type), ZeroPoint(random, type)];
            run += Run(random, () => BinaryModel.Build(opcode, type, [300], [300], zeroPoints, BinaryModel.AnyFactors(random, type))) ? 1 : 0;
        }

        // Only int16 is refused, where its numbers could leave 32 bits.
        Assert.True(run >= 4 * Draws, $"only {run} ran");
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void Lengths_and_broadcasts_give_the_bytes_of_the_scalar_twin(string name)
    {
        Opcode opcode = Enum.Parse<Opcode>(name);
        var random = new Random(5);
        for (int i = 0; i < Draws; i++)
        {
            foreach (TensorType type in new[] { TensorType.Int8, TensorType.Int16 })
            {
                (int[] a, int[] b) = Shapes(random, i);
                int[] zeroPoints = type == TensorType.Int8 ? [ZeroPoint(random, type), ZeroPoint(random, type), ZeroPoint(random, type)] : [0, 0, ZeroPoint(random, type)];
                Assert.True(Run(random, () => BinaryModel.Build(opcode, type, a, b, zeroPoints, BinaryModel.Factors(random, opcode, type))), $"{string.Join('x', a)} and {string.Join('x', b)}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void Nothing_is_allocated_in_an_inference(string name)
    {
        Opcode opcode = Enum.Parse<Opcode>(name);
        var random = new Random(6);
        using EdgeModel model = EdgeModel.Load(BinaryModel.Build(opcode, TensorType.Int8, [5, 37], [37], [1, 2, 3], BinaryModel.Factors(random, opcode, TensorType.Int8)));
        using Session session = model.CreateSession();
        session.Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static int ZeroPoint(Random random, TensorType type) => type == TensorType.Int8 ? random.Next(-128, 128) : random.Next(3) == 0 ? random.Next(-32768, 32768) : 0;

    // Every length up to three vectors of the widest kind, then rows that repeat: along the last axis, along others, and the whole of one.
    private static (int[] A, int[] B) Shapes(Random random, int draw)
    {
        int length = draw + 1;
        int rows = random.Next(1, 5);
        return (draw % 6) switch
        {
            0 or 1 => ([length], [length]),
            2 => ([rows, 3, length], [length]),
            3 => ([rows, length], [1]),
            4 => ([rows, 1, length], [2, 1]),
            _ => ([rows, 1], [1, length]),
        };
    }

    private static bool Run(Random random, Func<byte[]> build)
    {
        EdgeModel model;
        try
        {
            model = EdgeModel.Load(build());
        }
        catch (ModelFormatException refused) when (refused.Message.Contains("leave 32 bits", StringComparison.Ordinal))
        {
            return false;
        }

        using (model)
        {
            byte[] a = Draw(random, model.File.Inputs[0]);
            byte[] b = Draw(random, model.File.Inputs[1]);
            AssertSame(model, a, b);
        }

        return true;
    }

    // The ends of the range, where sums saturate, more often than they would come.
    private static byte[] Draw(Random random, TensorInfo tensor)
    {
        byte[] bytes = new byte[tensor.Elements * TensorTypes.SizeOf(tensor.Type)];
        random.NextBytes(bytes);
        Span<short> wide = MemoryMarshal.Cast<byte, short>(bytes.AsSpan());
        for (int i = 0; tensor.Type == TensorType.Int16 && i < wide.Length; i += 5)
        {
            wide[i] = random.Next(2) == 0 ? short.MinValue : short.MaxValue;
        }

        return bytes;
    }

    private static void AssertSame(byte[] file, byte[] a, byte[] b)
    {
        using EdgeModel model = EdgeModel.Load(file);
        AssertSame(model, a, b);
    }

    private static void AssertSame(EdgeModel model, byte[] a, byte[] b) =>
        Assert.Equal(Convert.ToHexString(Outputs(model, KernelSet.Reference, a, b)), Convert.ToHexString(Outputs(model, KernelSet.Fast, a, b)));

    private static byte[] Outputs(EdgeModel model, KernelSet kernels, byte[] a, byte[] b)
    {
        using Session session = model.CreateSession(kernels);
        a.CopyTo(Input(session, model, 0));
        b.CopyTo(Input(session, model, 1));
        session.Run();
        return session.Bytes(model.File.Outputs[0]).ToArray();
    }

    private static Span<byte> Input(Session session, EdgeModel model, int index) =>
        model.File.Inputs[index].Type == TensorType.Int8 ? MemoryMarshal.AsBytes(session.Input<sbyte>(index)) : MemoryMarshal.AsBytes(session.Input<short>(index));
}
