using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Tests.Reference;

namespace EdgeInference.Runtime.Tests;

/// <summary>What a session does around the kernels: lengths, types, the order of inputs and outputs, state, blocks of rows, its end.</summary>
public class SessionContractTests
{
    private static readonly float[] one = [1, 2];
    private static readonly float[] ten = [10, 20];

    [Theory]
    [InlineData(KernelSet.Fast)]
    [InlineData(KernelSet.Reference)]
    public void Inputs_and_outputs_of_every_type_come_in_the_order_of_the_file(KernelSet kernels)
    {
        using EdgeModel model = EdgeModel.Load(SessionModels.Ports());
        using Session session = model.CreateSession(kernels);
        Assert.Equal((10, 10), (session.InputLength, session.OutputLength));
        Assert.Equal((10, 10), (model.InputLength, model.OutputLength));
        Assert.Equal(kernels, session.Kernels);
        Assert.Same(model, session.Model);
        float[] output = new float[12];
        output[10] = output[11] = 42f;
        session.Run(SessionModels.PortInputs, output);
        Assert.Equal([.. SessionModels.PortOutputs, 42f, 42f], output);
    }

    [Fact]
    public void A_tensor_is_read_and_written_as_its_own_type_alone()
    {
        using EdgeModel model = EdgeModel.Load(SessionModels.Ports());
        using Session session = model.CreateSession();
        session.Run(SessionModels.PortInputs, new float[10]);
        Assert.Equal([1.5f, -2.25f], session.Input<float>(0).ToArray());
        Assert.Equal(new sbyte[] { 4, 2, 127 }, session.Input<sbyte>(1).ToArray());
        Assert.Equal(new short[] { -6, -32768 }, session.Input<short>(2).ToArray());
        Assert.Equal(new[] { 7, -7 }, session.Input<int>(3).ToArray());
        Assert.Equal(new long[] { -12 }, session.Input<long>(4).ToArray());
        Assert.Equal(new[] { 7, -7 }, session.Output<int>().ToArray());
        Assert.Equal(new short[] { -6, -32768 }, session.Output<short>(1).ToArray());
        Assert.Equal([1.5f, -2.25f], session.Output<float>(2).ToArray());
        Assert.Equal(new sbyte[] { 4, 2, 127 }, session.Output<sbyte>(4).ToArray());
        TensorType[] types = [TensorType.Float32, TensorType.Int8, TensorType.Int16, TensorType.Int32, TensorType.Int64];
        for (int input = 0; input < types.Length; input++)
        {
            int index = input;
            Refuses(types[input] != TensorType.Float32, () => session.Input<float>(index).Length);
            Refuses(types[input] != TensorType.Int8, () => session.Input<sbyte>(index).Length);
            Refuses(types[input] != TensorType.Int16, () => session.Input<short>(index).Length);
            Refuses(types[input] != TensorType.Int32, () => session.Input<int>(index).Length);
            Refuses(types[input] != TensorType.Int64, () => session.Input<long>(index).Length);
            Refuses(true, () => session.Input<uint>(index).Length);
        }

        static void Refuses(bool refuses, Func<object> read)
        {
            if (refuses)
            {
                Assert.Throws<ArgumentException>(read);
            }
            else
            {
                read();
            }
        }
    }

    [Fact]
    public void Lengths_are_held_to_the_value()
    {
        using EdgeModel model = EdgeModel.Load(SessionModels.Plus(3));
        using Session session = model.CreateSession();
        float[] output = new float[3];
        session.Run([1, 2, 3], output);
        Assert.Equal([2, 3, 4], output);
        session.Run([1, 2, 3], new float[4]);
        Assert.Throws<ArgumentException>(() => session.Run([1, 2], new float[3]));
        Assert.Throws<ArgumentException>(() => session.Run([1, 2, 3, 4], new float[3]));
        Assert.Throws<ArgumentException>(() => session.Run([1, 2, 3], new float[2]));
        session.RunBatch([], [], 0);
        session.RunBatch(new float[6], new float[7], 2);
        Assert.Throws<ArgumentException>(() => session.RunBatch(new float[5], new float[6], 2));
        Assert.Throws<ArgumentException>(() => session.RunBatch(new float[7], new float[6], 2));
        Assert.Throws<ArgumentException>(() => session.RunBatch(new float[6], new float[5], 2));
        Assert.Throws<ArgumentException>(() => session.RunBatch(new float[3], [], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.RunBatch([], [], -1));
    }

    /// <summary>Every number of rows about blocks, for a model whose blocks are of 64 rows and for one whose blocks are of the fewest.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(700)]
    [InlineData(9000)]
    public void Every_row_of_a_batch_is_its_own(int width)
    {
        using EdgeModel model = EdgeModel.Load(width > 100 ? Negated(width) : SessionModels.Plus(width));
        using Session session = model.CreateSession();
        int[] counts = width > 8000 ? [1, 3, 4, 5, 6, 7, 9] : [1, 2, 3, 4, 5, 8, 31, 32, 33, 63, 64, 65, 95, 96, 97, 127, 128, 129];
        foreach (int rows in counts)
        {
            float[] inputs = [.. Enumerable.Range(0, rows * width).Select(i => (float)(i % 8191))];
            float[] outputs = new float[(rows * width) + 1];
            outputs[^1] = -1;
            session.RunBatch(inputs, outputs, rows);
            Assert.Equal([.. inputs.Select(value => width > 100 ? -value : value + 1), -1], outputs);
        }
    }

    [Fact]
    public void Every_row_of_a_batch_has_all_outputs_and_all_inputs()
    {
        foreach (int inputs in (int[])[1, 2])
        {
            var builder = new EdgeInference.ModelFormat.Writing.ModelBuilder();
            int[] x = [.. Enumerable.Range(0, inputs).Select(i => builder.AddTensor(TensorType.Float32, [1, 2], 64 * i))];
            int[] y = [.. Enumerable.Range(0, 3 - inputs).Select(i => builder.AddTensor(TensorType.Float32, [1, 2], 128 + (64 * i)))];
            builder.AddOperator(Opcode.Unary, [x[0]], [y[0]], [(int)UnaryKind.Neg, 0, 0]);
            if (inputs == 1)
            {
                builder.AddOperator(Opcode.Unary, [x[0]], [y[1]], [(int)UnaryKind.Abs, 0, 0]);
            }

            Array.ForEach(x, input => builder.AddInput(input));
            Array.ForEach(y, output => builder.AddOutput(output));
            using EdgeModel model = EdgeModel.Load(builder.Build());
            using Session session = model.CreateSession();
            float[] values = [.. Enumerable.Range(0, 20 * 2 * inputs).Select(i => i - 7f)];
            float[] results = new float[20 * 2 * y.Length];
            session.RunBatch(values, results, 20);
            Assert.Equal(
                Enumerable.Range(0, 20).SelectMany(row =>
                {
                    float[] first = values[(row * 2 * inputs)..((row * 2 * inputs) + 2)];
                    return inputs == 1 ? new[] { -first[0], -first[1], MathF.Abs(first[0]), MathF.Abs(first[1]) } : [-first[0], -first[1]];
                }),
                results);
        }
    }

    [Fact]
    public void A_state_goes_on_until_it_is_reset()
    {
        using EdgeModel model = EdgeModel.Load(SessionModels.Sums());
        using Session session = model.CreateSession();
        using Session other = model.CreateSession();
        float[] output = new float[2];
        session.Run(one, output);
        session.Run(ten, output);
        Assert.Equal([11, 22], output);
        other.Run(one, output);
        Assert.Equal([1, 2], output);
        session.Run(one, output);
        Assert.Equal([12, 24], output);
        session.Reset();
        session.Run(ten, output);
        Assert.Equal([10, 20], output);
    }

    [Fact]
    public void Rows_of_a_model_with_state_are_steps_of_one_stream()
    {
        using EdgeModel model = EdgeModel.Load(SessionModels.Sums());
        using Session session = model.CreateSession();
        float[] outputs = new float[140];
        session.RunBatch([.. Enumerable.Repeat(1f, 140)], outputs, 70);
        Assert.Equal(Enumerable.Range(0, 140).Select(i => (float)((i / 2) + 1)), outputs);
        session.Run(one, outputs);
        Assert.Equal([71, 72], outputs[..2]);
        session.Reset();
        session.RunBatch([.. Enumerable.Repeat(1f, 140)], outputs, 70);
        Assert.Equal(70, outputs[^1]);
    }

    [Fact]
    public void A_session_without_state_may_be_reset()
    {
        using EdgeModel model = EdgeModel.Load(SessionModels.Plus(2));
        using Session session = model.CreateSession();
        float[] output = new float[2];
        session.Reset();
        session.Run(one, output);
        Assert.Equal([2, 3], output);
    }

    [Fact]
    public void Nothing_runs_after_the_end()
    {
        EdgeModel model = EdgeModel.Load(SessionModels.Plus(2));
        Session session = model.CreateSession();
        session.RunBatch(new float[40], new float[40], 20);
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Run(one, new float[2]));
        Assert.Throws<ObjectDisposedException>(session.Run);
        Assert.Throws<ObjectDisposedException>(() => session.RunBatch(new float[40], new float[40], 20));
        Assert.Throws<ObjectDisposedException>(() => session.RunBatch([], [], 0));
        Assert.Throws<ObjectDisposedException>(() => session.Input<float>().Length);
        Assert.Throws<ObjectDisposedException>(() => session.Output<float>().Length);
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.CreateSession());
    }

    /// <summary>Linux shows what a process has mapped; elsewhere a file that is mapped cannot be deleted.</summary>
    [Fact]
    public void A_model_lets_go_of_its_file()
    {
        string path = Path.Combine(Path.GetTempPath(), $"edge-{Guid.NewGuid():N}.edge");
        File.WriteAllBytes(path, SessionModels.Plus(2));
        var options = new ModelLoadOptions { MapFile = true };
        EdgeModel model = EdgeModel.Load(path, options);
        Assert.True(!OperatingSystem.IsLinux() || IsMapped());
        model.Dispose();
        Assert.False(IsMapped());
        File.WriteAllBytes(path, [1, 2, 3]);
        Assert.Throws<ModelFormatException>(() => EdgeModel.Load(path, options));
        Assert.False(IsMapped());
        File.Delete(path);
        Assert.False(File.Exists(path));

        bool IsMapped() => OperatingSystem.IsLinux() && File.ReadAllText("/proc/self/maps").Contains(path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KernelSet.Fast)]
    [InlineData(KernelSet.Reference)]
    public void Each_self_test_vector_begins_with_no_state(KernelSet kernels)
    {
        using EdgeModel model = EdgeModel.Load(SessionModels.Sums((one, one), (ten, ten), (one, one)));
        Assert.Equal(3, SelfTest.Count(model));
        Assert.True(SelfTest.Run(model, kernels));
        Assert.True(SelfTest.Run(model, kernels));
        Assert.Equal(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>([1, 2, 10, 20, 1, 2]).ToArray(), SelfTest.Outputs(model, [one, ten, one]));
        using EdgeModel going = EdgeModel.Load(SessionModels.Sums((one, one), (ten, [11, 22])));
        Assert.False(SelfTest.Run(going, kernels));
    }

    [Fact]
    public void A_self_test_finds_a_wrong_number_in_any_vector()
    {
        Assert.True(Passes((one, [2, 3]), (ten, [11, 21])));
        Assert.False(Passes((one, [2, 4]), (ten, [11, 21])));
        Assert.False(Passes((one, [3, 3]), (ten, [11, 21])));
        Assert.False(Passes((one, [2, 3]), (ten, [11, 22])));
        Assert.False(Passes((one, [float.NaN, 3])));
        Assert.False(Passes(([float.NaN, 2], [1, 3])));
        Assert.True(Passes(([float.NaN, 2], [float.NaN, float.NaN])));
        using EdgeModel none = EdgeModel.Load(SessionModels.Plus(2));
        Assert.Equal(0, SelfTest.Count(none));
        Assert.True(SelfTest.Run(none));
    }

    /// <summary>1e-4 of the largest number of the vector, and of 1 where all are smaller.</summary>
    [Fact]
    public void A_float32_self_test_leaves_a_ten_thousandth_of_the_largest_output()
    {
        Assert.True(Passes(([999, 0], [1000, 1.09f])));
        Assert.False(Passes(([999, 0], [1000, 1.11f])));
        Assert.True(Passes(([-1001, 0], [-1000, 1.09f])));
        Assert.True(Passes(([-1, -1], [0.00009f, -0.00009f])));
        Assert.False(Passes(([-1, -1], [0.00011f, 0])));
        Assert.False(Passes(([-1, -1], [0, -0.00011f])));
    }

    [Theory]
    [InlineData(TensorType.Int8)]
    [InlineData(TensorType.Int16)]
    public void A_self_test_of_integers_leaves_nothing(TensorType type)
    {
        byte[] right = type == TensorType.Int8 ? [1, 2] : [1, 0, 2, 0];
        byte[] wrong = type == TensorType.Int8 ? [1, 3] : [1, 0, 3, 0];
        using EdgeModel good = EdgeModel.Load(SessionModels.Codes(type, (one, right), (one, right)));
        using EdgeModel bad = EdgeModel.Load(SessionModels.Codes(type, (one, right), (one, wrong)));
        Assert.Equal(2, SelfTest.Count(good));
        Assert.True(SelfTest.Run(good));
        Assert.False(SelfTest.Run(bad));
    }

    private static bool Passes(params (float[] Input, float[] Output)[] vectors)
    {
        using EdgeModel model = EdgeModel.Load(SessionModels.Plus(2, vectors));
        bool passes = SelfTest.Run(model);
        Assert.Equal(passes, SelfTest.Run(model, KernelSet.Reference));
        return passes;
    }

    // −x, which needs no weights.
    private static byte[] Negated(int width)
    {
        var builder = new EdgeInference.ModelFormat.Writing.ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, width], 0);
        int y = builder.AddTensor(TensorType.Float32, [1, width], ((width * 4) + 63) / 64 * 64);
        builder.AddOperator(Opcode.Unary, [x], [y], [(int)UnaryKind.Neg, 0, 0]);
        builder.AddInput(x);
        builder.AddOutput(y);
        return builder.Build();
    }
}
