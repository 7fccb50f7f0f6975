using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Import.Tflite;

/// <summary>A quantized LSTM of TensorFlow Lite is one operator that gives what its steps give one by one.</summary>
public class QuantizedLstmTests
{
    private const int Models = 40;

    [Fact]
    public void The_operator_gives_the_bytes_of_its_steps()
    {
        for (int seed = 0; seed < Models; seed++)
        {
            Graph graph = TfliteImporter.Import(Random(new Random(seed)), "lstm.tflite");
            Assert.Single(graph.Nodes, node => node.Opcode == Opcode.QuantizedLSTM);
            using EdgeModel whole = EdgeModel.Load(ModelWriter.Write(graph));
            using EdgeModel unrolled = EdgeModel.Load(ModelWriter.Write(UnrolledLstm.Of(graph)));
            foreach (KernelSet kernels in Enum.GetValues<KernelSet>())
            {
                using Session left = whole.CreateSession(kernels);
                using Session right = unrolled.CreateSession(kernels);
                for (int record = 0; record < 4; record++)
                {
                    float[] x = Inputs(new Random((100 * seed) + record), left);
                    var expected = new float[right.OutputLength];
                    var actual = new float[left.OutputLength];
                    right.Run(x, expected);
                    left.Run(x, actual);
                    Assert.True(expected.AsSpan().SequenceEqual(actual), $"seed {seed}, {kernels}, record {record}");
                }
            }
        }
    }

    [Fact]
    public void A_sequence_of_any_length_is_one_operator()
    {
        Graph graph = TfliteImporter.Import(Model(TfliteType.Int8, true, 0f, 1, 2, 3, 1001, 0, -12, new Random(1)), "lstm.tflite");
        Assert.Equal([Opcode.QuantizedLSTM], graph.Nodes.Select(node => node.Opcode));
    }

    private static float[] Inputs(Random random, Session session)
    {
        TensorInfo tensor = session.Model.File.Inputs[0];
        int limit = tensor.Type == TensorType.Int8 ? 128 : 32768;
        return [.. Enumerable.Range(0, tensor.Elements).Select(_ => tensor.Scale * (random.Next(-limit, limit) - tensor.ZeroPoint))];
    }

    private static byte[] Random(Random random)
    {
        bool narrow = random.Next(3) > 0;
        return Model(
            narrow ? TfliteType.Int8 : TfliteType.Int16,
            random.Next(2) == 0,
            random.Next(3) == 0 ? 0f : random.NextSingle() * 12,
            random.Next(1, 4),
            random.Next(1, 40),
            random.Next(1, 40),
            random.Next(1, 6),
            narrow ? random.Next(-128, 128) : 0,
            random.Next(-15, -7),
            random);
    }

    private static byte[] Model(TfliteType type, bool timeMajor, float clip, int batch, int features, int hidden, int steps, int zero, int power, Random random)
    {
        var model = new TfliteModelBuilder();
        bool narrow = type == TfliteType.Int8;
        int[] lead = timeMajor ? [steps, batch] : [batch, steps];
        int[] inputs = [.. Enumerable.Repeat(-1, 24)];
        float state = (narrow ? 0.004f : 1f / 65536) * (1 + random.NextSingle());
        float scale = (narrow ? 0.02f : 0.0001f) * (1 + random.NextSingle());
        inputs[0] = model.Input(type, [.. lead, features], scale, narrow ? random.Next(-128, 128) : 0);
        for (int gate = 0; gate < 4; gate++)
        {
            inputs[1 + gate] = model.Constant([hidden, features], Bytes(random, hidden * features), [0.01f * random.NextSingle()]);
            inputs[5 + gate] = model.Constant([hidden, hidden], Bytes(random, hidden * hidden), [0.02f * random.NextSingle()]);
            long[] bias = [.. Enumerable.Range(0, hidden).Select(_ => random.NextInt64(-20000, 20000) * (narrow ? 1 : 200))];
            inputs[12 + gate] = narrow ? model.Constant([hidden], Array.ConvertAll(bias, value => (int)value)) : model.Constant([hidden], bias);
        }

        inputs[18] = model.Variable(type, [batch, hidden], state, zero);
        inputs[19] = model.Variable(TfliteType.Int16, [batch, hidden], MathF.Pow(2, power));
        model.Operator(
            TfliteOperatorCode.UNIDIRECTIONAL_SEQUENCE_LSTM,
            inputs,
            [model.Output(type, [.. lead, hidden], state, zero)],
            71,
            (0, (byte)FusedActivation.Tanh),
            (1, clip),
            (2, 0f),
            (3, timeMajor));
        return model.Build();
    }

    private static sbyte[] Bytes(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (sbyte)random.Next(-127, 128))];
}
