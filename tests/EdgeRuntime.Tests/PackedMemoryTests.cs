using System.Reflection;
using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime.Kernels;
using EdgeInference.Runtime.Tests.Reference;

namespace EdgeInference.Runtime.Tests;

/// <summary>What kernels make of constants is kept once for a model, whoever asks.</summary>
public class PackedMemoryTests
{
    private const int Units = 40;

    public static TheoryData<string> Opcodes => [.. OperatorRows.Opcodes.Select(opcode => opcode.ToString())];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Operators_with_the_same_constants_share_what_is_packed(bool quantized)
    {
        long one = Packed(Chain(quantized, operators: 1, biases: 1));

        Assert.True(one > 0);
        Assert.Equal(one, Packed(Chain(quantized, operators: 9, biases: 1)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_bias_does_not_double_the_weights(bool quantized)
    {
        long one = Packed(Chain(quantized, operators: 2, biases: 1));
        long two = Packed(Chain(quantized, operators: 2, biases: 2));

        Assert.InRange(two - one, 1, 4 * (Units + 64));
    }

    [Fact]
    public void Other_weights_are_packed_for_themselves()
    {
        long one = Packed(Chain(true, operators: 1, biases: 1));

        Assert.InRange(Packed(Chain(true, operators: 2, biases: 1, matrices: 2)) - one, Units * Units, 4 * Units * (Units + 64));
    }

    // A key that named the session, or bytes that belong to no field, would pack anew for each.
    [Theory]
    [MemberData(nameof(Opcodes))]
    public void Further_sessions_pack_nothing(string opcode)
    {
        foreach (OperatorRow row in OperatorRows.Of(Enum.Parse<Opcode>(opcode)))
        {
            using EdgeModel model = EdgeModel.Load(row.Model());
            foreach (KernelSet kernels in Enum.GetValues<KernelSet>())
            {
                using Session first = model.CreateSession(kernels);
                long packed = model.Memory.SharedBytes;
                using Session second = model.CreateSession(kernels);
                Assert.True(packed == model.Memory.SharedBytes, $"{opcode} {row.Name}: {packed} bytes, {model.Memory.SharedBytes} with a second session");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public unsafe void What_is_measured_without_packing_is_what_a_session_takes(string opcode)
    {
        foreach (OperatorRow row in OperatorRows.Of(Enum.Parse<Opcode>(opcode)))
        {
            foreach (KernelSet kernels in Enum.GetValues<KernelSet>())
            {
                using EdgeModel model = EdgeModel.Load(row.Model());
                using var memory = new SessionMemory(model.Memory, model.File.ArenaBytes);
                KernelBytes bytes = KernelProgram.Measure(model, memory.Arena, kernels, int.MaxValue, 1, out long packed);
                memory.Leave();
                using Session session = model.CreateSession(kernels);
                Assert.Equal((row.Name, session.Room.Bytes, model.Memory.SharedBytes), (row.Name, bytes, packed));
            }
        }
    }

    [Fact]
    public unsafe void To_measure_packs_no_weights()
    {
        using EdgeModel model = EdgeModel.Load(Chain(false, operators: 2, biases: 2));
        using var memory = new SessionMemory(model.Memory, model.File.ArenaBytes);
        KernelProgram.Measure(model, memory.Arena, KernelSet.Fast, int.MaxValue, 1, out long packed);
        memory.Leave();
        Assert.True(packed > Units * Units * sizeof(float));
        Assert.True(model.Memory.SharedBytes < Units * Units, $"{model.Memory.SharedBytes} bytes were packed");
    }

    // Equal arguments have equal bytes only where every byte belongs to a field.
    [Fact]
    public void What_packing_is_told_has_no_padding()
    {
        Type[] states =
        [
            .. typeof(EdgeModel).Assembly.GetTypes().Where(type => type.Namespace?.StartsWith("EdgeInference.Runtime.Kernels", StringComparison.Ordinal) == true && !type.ContainsGenericParameters)
                .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                .Where(method => method.ReturnType == typeof(void) && method.GetParameters() is [{ ParameterType: var destination }, { ParameterType: { IsValueType: true, IsPrimitive: false } }] && destination == typeof(byte*))
                .Select(method => method.GetParameters()[1].ParameterType).Distinct(),
        ];

        Assert.True(states.Length >= 6, string.Join(", ", states.Select(state => state.FullName)));
        Assert.All(states, state => Assert.True(Fields(state) == Size(state), $"{state.FullName} has {Size(state)} bytes, its fields {Fields(state)}"));
    }

    private static int Fields(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
        .Sum(field => field.FieldType.IsPointer ? IntPtr.Size : field.FieldType.IsPrimitive ? Size(field.FieldType) : Fields(field.FieldType));

    private static int Size(Type type) => (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static long Packed(byte[] file)
    {
        using EdgeModel model = EdgeModel.Load(file);
        using Session session = model.CreateSession();
        return model.Memory.SharedBytes;
    }

    // Dense layers one after the other, which share weights, and biases in turn.
    private static byte[] Chain(bool quantized, int operators, int biases, int matrices = 1)
    {
        var builder = new ModelBuilder();
        TensorType type = quantized ? TensorType.Int8 : TensorType.Float32;
        TensorQuantization? scale = quantized ? new TensorQuantization(0.5f, 3) : null;
        byte[] data = new byte[4 * Units * Units];
        new Random(5).NextBytes(data);
        data = quantized ? data[..(Units * Units)] : new byte[4 * Units * Units];
        int[] weights = [.. Enumerable.Range(0, matrices).Select(i => builder.AddConstant(type, [Units, Units], [(byte)i, .. data[1..]], quantized ? new TensorQuantization(0.5f, 0) : null))];
        int[] bias = [.. Enumerable.Range(0, biases).Select(i => builder.AddConstant(quantized ? TensorType.Int32 : TensorType.Float32, [Units], [(byte)i, .. new byte[(4 * Units) - 1]]))];
        int[] factors = quantized ? [builder.AddConstant(TensorType.Int32, [1], [0, 0, 0, 64]), builder.AddConstant(TensorType.Int8, [1], new byte[1])] : [];
        int x = builder.AddTensor(type, [Units], 0, scale);
        builder.AddInput(x);
        for (int i = 0; i < operators; i++)
        {
            int y = builder.AddTensor(type, [Units], 256 * (1 + (i % 2)), scale);
            builder.AddOperator(Opcode.Dense, [x, weights[i % matrices], bias[i % biases], .. factors], [y], quantized ? [0, 0, 0, -128, 127, 3] : new int[6]);
            x = y;
        }

        builder.AddOutput(x);
        return builder.Build();
    }
}
