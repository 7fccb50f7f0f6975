using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Tests;

/// <summary>The first operator reads its numbers where the caller has them, and only where nothing else of the model reads them.</summary>
public class DirectInputTests
{
    private static readonly float[] sample = [0.5f, -1.25f, 2f, 3f];

    [Fact]
    public void Both_calls_of_a_session_take_their_own_input()
    {
        using EdgeModel model = EdgeModel.Load(SmallModels.Sigmoid());
        using Session session = model.CreateSession();
        float[] first = new float[1];
        session.Run(sample, first);
        session.Input<float>().Clear();
        session.Run();
        Assert.Equal(0.5f, session.Output<float>()[0]);
        float[] again = new float[1];
        session.Run(sample, again);
        Assert.Equal(first, again);
        Assert.NotEqual(0.5f, first[0]);
        session.Run();
        Assert.Equal(0.5f, session.Output<float>()[0]);
    }

    [Fact]
    public void Outputs_may_be_written_over_the_inputs()
    {
        using EdgeModel model = EdgeModel.Load(Layer(4, 4, Linear));
        using Session session = model.CreateSession();
        float[] expected = new float[4];
        session.Run(sample, expected);
        float[] values = [.. sample];
        session.Run(values, values);
        Assert.Equal(expected, values);
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    [InlineData(true, true, true)]
    public void Whoever_else_reads_the_input_finds_it(bool reshaped, bool added, bool given)
    {
        using EdgeModel model = EdgeModel.Load(Shared(reshaped, added, given));
        using Session fast = model.CreateSession();
        using Session reference = model.CreateSession(KernelSet.Reference);
        float[] a = new float[fast.OutputLength];
        float[] b = new float[fast.OutputLength];
        foreach (float factor in new[] { 1f, -3f, 7f })
        {
            float[] input = [.. sample.Select(value => value * factor)];
            fast.Run(input, a);
            reference.Run(input, b);
            Assert.Equal(b, a);
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_function_of_the_input_writes_nothing_to_the_caller_and_takes_what_it_is_given(bool negates, bool inPlace)
    {
        using EdgeModel model = EdgeModel.Load(Function(negates, inPlace));
        using Session session = model.CreateSession();
        float[] values = [float.NaN, .. sample, float.NaN];
        float[] outputs = new float[6];
        session.Run(values.AsSpan(1, 4), outputs.AsSpan(1, 4));
        Assert.Equal([float.NaN, .. sample, float.NaN], values);
        float[] expected = [.. sample.Select(x => negates ? -x : MathF.Tanh(x))];
        Assert.Equal(expected, outputs[1..5], (a, b) => MathF.Abs(a - b) < 1e-6f);
        session.Input<float>().Fill(1f);
        session.Run();
        Assert.Equal(negates ? -1f : MathF.Tanh(1f), session.Output<float>()[3], 1e-6f);

        // Outputs that begin within the inputs.
        session.Run(values.AsSpan(1, 4), values.AsSpan(2, 4));
        Assert.Equal(outputs[1..5], values[2..6]);
    }

    [Theory]
    [InlineData(Linear)]
    [InlineData(Sigmoid)]
    public void A_unit_is_its_definition_at_every_depth_and_reads_nothing_beyond(int activation)
    {
        var random = new Random(7);
        for (int depth = 1; depth <= 140; depth++)
        {
            using EdgeModel model = EdgeModel.Load(Layer(depth, 1, activation));
            using Session session = model.CreateSession();
            float[] row = new float[depth + 16];
            Array.Fill(row, float.NaN);
            double sum = Bias(0);
            double size = 1;
            for (int i = 0; i < depth; i++)
            {
                row[8 + i] = (float)((random.NextDouble() * 4) - 2);
                sum += (double)row[8 + i] * Weight(i);
                size += Math.Abs((double)row[8 + i] * Weight(i));
            }

            float[] output = new float[1];
            session.Run(row.AsSpan(8, depth), output);
            double expected = activation == Sigmoid ? 1 / (1 + Math.Exp(-sum)) : sum;
            Assert.Equal(expected, output[0], size * 1e-6);
        }
    }

    private const int Linear = (int)ActivationKind.Linear;
    private const int Sigmoid = (int)ActivationKind.Sigmoid;

    private static float Weight(int i) => (((i * 7) % 11) - 5) / 8f;

    private static float Bias(int unit) => 0.25f + unit;

    private static int Align(int elements) => 64 * (((elements * 4) + 63) / 64);

    private static byte[] Layer(int depth, int units, int activation)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, depth], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, units], Align(depth));
        builder.AddOperator(Opcode.Dense, Weights(builder, input, depth, units), [output], [activation, 0, 0, 0, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output);

        return builder.Build();
    }

    private static byte[] Function(bool negates, bool inPlace)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, 4], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, 4], inPlace ? 0 : 64);
        builder.AddOperator(negates ? Opcode.Unary : Opcode.Activation, [input], [output], [negates ? (int)UnaryKind.Neg : (int)ActivationKind.Tanh, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output);
        return builder.Build();
    }

    private static int[] Weights(ModelBuilder builder, int input, int depth, int units)
    {
        float[] weights = [.. Enumerable.Range(0, depth * units).Select(Weight)];
        float[] bias = [.. Enumerable.Range(0, units).Select(Bias)];
        int w = builder.AddConstant(TensorType.Float32, [units, depth], MemoryMarshal.AsBytes<float>(weights));
        int b = builder.AddConstant(TensorType.Float32, [units], MemoryMarshal.AsBytes<float>(bias));
        return [input, w, b];
    }

    // Dense of the input, which a reshape may stand before; the input is added to it, and given too, where they say so.
    private static byte[] Shared(bool reshaped, bool added, bool given)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, reshaped ? [1, 2, 2] : [1, 4], 0);
        int flat = input;
        if (reshaped)
        {
            flat = builder.AddTensor(TensorType.Float32, [1, 4], 0);
            builder.AddOperator(Opcode.Reshape, [input], [flat], []);
        }

        int dense = builder.AddTensor(TensorType.Float32, [1, 4], 64);
        builder.AddOperator(Opcode.Dense, Weights(builder, flat, 4, 4), [dense], [Linear, 0, 0, 0, 0, 0]);
        int last = dense;
        if (added)
        {
            last = builder.AddTensor(TensorType.Float32, [1, 4], 128);
            builder.AddOperator(Opcode.Add, [dense, flat], [last], [0, 0, 0, 0, 0, 0, 0, 0]);
        }

        builder.AddInput(input);
        builder.AddOutput(last);
        if (given)
        {
            builder.AddOutput(flat);
        }

        return builder.Build();
    }
}
