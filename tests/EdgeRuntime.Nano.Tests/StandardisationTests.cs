extern alias nano;

using System.Reflection;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Nano.Tests.Emit;
using EdgeInference.Runtime;

namespace EdgeInference.Nano.Tests;

/// <summary>Models that standardise features whose mean is far larger than their deviation, on every engine.</summary>
public class StandardisationTests
{
    [Theory]
    [InlineData("std_50.45_0.0001", 50.45, 1e-4)]
    [InlineData("std_101325_50", 101325, 50)]
    [InlineData("std_300000_0.05", 300000, 0.05)]
    [InlineData("std_1.7ep09_3600", 1.7e9, 3600)]
    public void Every_engine_is_within_1e_6_of_double_precision(string name, double mean, double deviation)
    {
        Graph source = OnnxImporter.Import(Path.Combine(AppContext.BaseDirectory, "TestData", "accuracy", name + ".onnx"));
        Func<float[], double> right = Reference(source);
        byte[] file = ModelWriter.Write(GraphOptimizer.Optimize(source));
        using EdgeModel model = EdgeModel.Load(file);
        using Session session = model.CreateSession();
        var device = new nano::EdgeInference.Nano.NanoSession(nano::EdgeInference.Nano.NanoModel.Load(file));
        Type code = Assembly.Load(EmittedCode.Compile(NanoEmitter.Emit(file, new EmitOptions()).Files)).GetType("Models.Model")!;
        var random = new Random(12);
        float[] input = new float[session.InputLength];
        float[] output = new float[1];
        for (int row = 0; row < 200; row++)
        {
            for (int i = 0; i < input.Length; i++)
            {
                input[i] = (float)(mean + (deviation * 2 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())));
            }

            double expected = right(input);
            session.Run(input, output);
            Assert.InRange(output[0], expected - 1e-6, expected + 1e-6);
            device.Run(input, output);
            Assert.InRange(output[0], expected - 1e-6, expected + 1e-6);
            Assert.InRange(EmittedCode.Run(code, input, model.File)[0], expected - 1e-6, expected + 1e-6);
        }
    }

    // sigmoid(W·((x − m) / s) + b) in double precision, from the source model's own constants.
    private static Func<float[], double> Reference(Graph source)
    {
        float[] mean = Constant(Opcode.Sub);
        float[] deviation = Constant(Opcode.Div);
        float[] weights = Constant(Opcode.Dense);
        double bias = source.Nodes.Single(node => node.Opcode == Opcode.Dense).Input(2).Floats[0];
        return row =>
        {
            double sum = bias;
            for (int i = 0; i < row.Length; i++)
            {
                sum += weights[i] * (((double)row[i] - mean[i % mean.Length]) / deviation[i % deviation.Length]);
            }

            return 1 / (1 + Math.Exp(-sum));
        };

        float[] Constant(Opcode opcode) => source.Nodes.Single(node => node.Opcode == opcode).Input(1).Floats;
    }
}
