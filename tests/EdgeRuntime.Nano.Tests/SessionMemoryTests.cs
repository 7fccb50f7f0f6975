extern alias nano;

using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using Engine = nano::EdgeInference.Nano;
using Format = nano::EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Tests;

/// <summary>The arrays of a session are bounded when a file is loaded: a few bytes of the file must not ask for gigabytes.</summary>
public class SessionMemoryTests
{
    // Bytes of the input and of the output.
    private const int Ends = 32;

    [Fact]
    public void A_file_whose_tensors_overlap_in_many_places_is_refused()
    {
        // Each tensor is 8 bytes of the file, as long as the arena and of no use.
        byte[] file = Build(60_000, 1 << 18, step: 1);
        var refused = Assert.Throws<Format.ModelFormatException>(() => Engine.NanoModel.Load(file));
        Assert.Contains("a session's tensors take 62914560032 bytes, more than 67108864; load it with a larger maxBytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bound_is_met_to_the_byte()
    {
        byte[] file = Build(3, 100, step: 1);
        const long Bytes = (3 * 400) + Ends;
        Assert.Equal(4, Engine.NanoModel.Load(file, maxBytes: Bytes).InputLength);
        Assert.Throws<Format.ModelFormatException>(() => Engine.NanoModel.Load(file, maxBytes: Bytes - 1));
        Engine.ChunkReader read = (offset, count) => file[offset..(offset + count)];
        Assert.Throws<Format.ModelFormatException>(() => Engine.NanoModel.Load(read, file.Length, maxBytes: Bytes - 1));
    }

    [Fact]
    public void Tensors_of_one_type_at_one_place_share_an_array()
    {
        byte[] file = Build(60_000, 1 << 12, step: 0);
        var session = new Engine.NanoSession(Engine.NanoModel.Load(file, maxBytes: (4 << 12) + Ends));
        float[] output = new float[4];
        session.Run([1, -2, 3, -4], output);
        Assert.Equal([1f, 2f, 3f, 4f], output);
    }

    [Fact]
    public void Tensors_of_two_types_at_one_place_share_none()
    {
        var builder = new ModelBuilder();
        Operator(builder);
        builder.AddTensor(TensorType.Float32, [100], 64);
        builder.AddTensor(TensorType.Float32, [50], 64);
        builder.AddTensor(TensorType.Int32, [100], 64);
        byte[] file = builder.Build();
        Assert.NotNull(Engine.NanoModel.Load(file, maxBytes: 800 + Ends));
        Assert.Throws<Format.ModelFormatException>(() => Engine.NanoModel.Load(file, maxBytes: 799 + Ends));
    }

    private static byte[] Build(int tensors, int elements, int step)
    {
        var builder = new ModelBuilder();
        Operator(builder);
        for (int i = 0; i < tensors; i++)
        {
            builder.AddTensor(TensorType.Float32, [elements], 64 + (4 * step * i));
        }

        return builder.Build();
    }

    private static void Operator(ModelBuilder builder)
    {
        int x = builder.AddTensor(TensorType.Float32, [1, 4], 0);
        int y = builder.AddTensor(TensorType.Float32, [1, 4], 16);
        builder.AddOperator(Opcode.Unary, [x], [y], [(int)UnaryKind.Abs, 0, 0]);
        builder.AddInput(x);
        builder.AddOutput(y, OutputRole.Value);
    }
}
