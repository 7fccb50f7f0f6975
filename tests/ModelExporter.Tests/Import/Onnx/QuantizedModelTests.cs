using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Tool.Execution;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgeInference.Tool.Tests.Import.Onnx;

/// <summary>Quantized models against ONNX Runtime. TestData/qonnx/generate.py writes them.</summary>
public class QuantizedModelTests
{
    private const int Runs = 200;

    private static readonly Dictionary<string, Opcode[]> operators = new()
    {
        ["conv"] = [Opcode.Conv],
        ["conv_per_tensor"] = [Opcode.Conv],
        ["depthwise"] = [Opcode.Conv],
        ["cnn"] = [Opcode.Conv, Opcode.MaxPool, Opcode.Conv, Opcode.Conv, Opcode.Add, Opcode.Reduce, Opcode.Dense],
        ["gemm"] = [Opcode.Dense],
        ["matmul_add"] = [Opcode.Dense],
        ["matmul_turned"] = [Opcode.Dense],
        ["add"] = [Opcode.Table, Opcode.Add],
        ["mul"] = [Opcode.Table, Opcode.Mul],
        ["mean"] = [Opcode.Reduce],
        ["moved"] = [Opcode.AveragePool, Opcode.Table],
        ["qlinear_conv"] = [Opcode.Conv, Opcode.MaxPool, Opcode.Conv, Opcode.Table],
        ["qlinear_matmul"] = [Opcode.Dense],
        ["joined"] = [Opcode.Table, Opcode.Table, Opcode.Table, Opcode.Concat],
        ["softmax"] = [Opcode.Table, Opcode.Softmax],
        ["softmax_rows"] = [Opcode.Table, Opcode.Softmax],
        ["ReduceMean"] = [Opcode.Reduce],
        ["ReduceSum"] = [Opcode.Reduce],
        ["ReduceMax"] = [Opcode.Reduce, Opcode.Table],
        ["average"] = [Opcode.Conv],
        ["prelu"] = [Opcode.Table],
        ["conv_transpose"] = [Opcode.ConvTranspose],
        ["conv_transpose_per_tensor"] = [Opcode.ConvTranspose],
        ["pieces"] = [Opcode.Pad, Opcode.Gather, Opcode.Gather, Opcode.Slice, Opcode.Slice, Opcode.Gather, Opcode.Concat, Opcode.Table],
        ["QLinearAdd"] = [Opcode.Table, Opcode.Add],
        ["QLinearMul"] = [Opcode.Table, Opcode.Mul],
        ["QLinearConcat"] = [Opcode.Table, Opcode.Table, Opcode.Table, Opcode.Concat],
        ["QLinearSigmoid"] = [Opcode.Table],
        ["QLinearLeakyRelu"] = [Opcode.Table],
        ["QLinearGlobalAveragePool"] = [Opcode.Reduce],
        ["QLinearAveragePool"] = [Opcode.Conv],
        ["QLinearSoftmax"] = [Opcode.Softmax],
        ["QGemm"] = [Opcode.Dense],
        ["residual"] = [Opcode.Conv, Opcode.Table, Opcode.Conv, Opcode.Add, Opcode.Table, Opcode.Concat, Opcode.Reduce, Opcode.Dense],
    };

    public static TheoryData<string, string> Models => new(operators.Keys.SelectMany(name => new[] { (name, "int8"), (name, "uint8") }));

    [Theory]
    [MemberData(nameof(Models))]
    [InlineData("wide", "int8")]
    [InlineData("wide", "uint8")]
    [InlineData("embedding", "int8")]
    [InlineData("embedding", "uint8")]
    [InlineData("QLinearWhere", "int8")]
    [InlineData("QLinearWhere", "uint8")]
    public void Outputs_are_within_one_step_of_those_of_OnnxRuntime(string name, string type)
    {
        // A step that one layer is off by moves what follows; its mean over the pixels has small steps.
        (double steps, double share) = name switch
        {
            "cnn" => (2.001, 0.75),
            "residual" => (2.001, 0.7),

            // Few elements: TensorFlow Lite's rule rounds the product before the shift as well.
            "ReduceSum" => (1.001, 0.7),
            "softmax" or "softmax_rows" => (1.001, 0.85),
            _ => (1.001, 0.9),
        };
        byte[] bytes = File.ReadAllBytes(Fixture(name, type));
        using var peer = new InferenceSession(bytes);
        foreach (bool optimized in new[] { false, true })
        {
            Graph graph = Import(name, type, optimized);
            Node last = graph.Nodes[^1];
            while (last.Opcode != Opcode.Dequantize)
            {
                last = graph.Producer(last.Input(0))!;
            }

            double step = last.Input(0).Quantization!.Scale;
            using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
            using Session session = model.CreateSession(optimized ? KernelSet.Fast : KernelSet.Reference);
            var random = new Random(1);
            var actual = new float[session.OutputLength];
            var seen = new HashSet<float>();
            int equal = 0;
            for (int run = 0; run < Runs; run++)
            {
                (float[] input, NamedOnnxValue given) = Input(peer, type, random);
                using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = peer.Run([given]);
                float[] expected = Floats(results[0]);
                session.Run(input, actual);
                for (int i = 0; i < expected.Length; i++)
                {
                    Assert.Equal(expected[i], actual[i], steps * step);
                    equal += Math.Abs(expected[i] - actual[i]) < step / 2 ? 1 : 0;
                    seen.Add(actual[i]);
                }
            }

            Assert.True(seen.Count > 20, "Outputs that hardly vary show nothing.");
            Assert.True(equal > share * Runs * actual.Length, $"Only {equal} of {Runs * actual.Length} outputs are equal.");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Engines_agree_to_the_bit(string name, string type)
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(Import(name, type, optimized: true)));
        using Session fast = model.CreateSession();
        using Session reference = model.CreateSession(KernelSet.Reference);
        using IEngine device = Engines.Create(EngineKind.Nano, model);
        var random = new Random(2);
        float[][] outputs = [new float[model.OutputLength], new float[model.OutputLength], new float[model.OutputLength]];
        for (int run = 0; run < 20; run++)
        {
            // Whole numbers up to 255 where the model takes integers by value, and then so far beyond a real input's range that it saturates.
            float[] input = [.. Enumerable.Range(0, model.InputLength).Select(_ => run % 2 == 0 ? (2.2f * random.NextSingle()) - 1.1f : random.Next(-128, 256))];
            fast.Run(input, outputs[0]);
            reference.Run(input, outputs[1]);
            device.Run(input, outputs[2]);
            Assert.Equal(outputs[1], outputs[0]);
            Assert.Equal(outputs[1], outputs[2]);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Operators_run_on_the_int8_kernels(string name, string type)
    {
        Graph graph = Import(name, type, optimized: true);
        Opcode[] moves = [Opcode.Quantize, Opcode.Dequantize, Opcode.Reshape, Opcode.Transpose];
        Node[] computing = [.. graph.Nodes.Where(node => !moves.Contains(node.Opcode))];
        Assert.Equal(operators[name], computing.Select(node => node.Opcode));
        Assert.All(computing, node => Assert.Equal(node.Opcode == Opcode.Softmax ? TensorType.Int16 : TensorType.Int8, node.Output.Type));

        // The 16 bits of a Softmax are rounded to 8 by way of float32.
        int roundings = computing.Count(node => node.Opcode == Opcode.Softmax);
        Assert.Equal(1 + roundings, graph.Nodes.Count(node => node.Opcode == Opcode.Quantize));
        Assert.Equal(1 + roundings, graph.Nodes.Count(node => node.Opcode == Opcode.Dequantize));

        // Rows of a Softmax are turned back in 16 bits.
        Assert.Equal(name == "softmax_rows" ? null : Precision.Int8, graph.Metadata.Precision);
    }

    [Theory]
    [InlineData("int8")]
    [InlineData("uint8")]
    public void A_table_of_embeddings_stays_8_bits_wide(string type)
    {
        Node gather = Assert.Single(Import("embedding", type, optimized: true).Nodes, node => node.Opcode == Opcode.Gather);
        Assert.Equal(TensorType.Int8, gather.Input(0).Type);
        Assert.True(gather.Input(0).IsConstant);
    }

    /// <summary>ONNX Runtime rounds the sequence and the states to 8 bits; here they stay real, which is what its error is measured by.</summary>
    [Theory]
    [InlineData("int8")]
    [InlineData("uint8")]
    public void A_dynamically_quantized_lstm_is_within_the_rounding_of_OnnxRuntime(string type)
    {
        Assert.SkipUnless(type == "uint8" || !File.Exists("/proc/cpuinfo") || !File.ReadAllText("/proc/cpuinfo").Contains("avx2", StringComparison.Ordinal) || File.ReadAllText("/proc/cpuinfo").Contains("vnni", StringComparison.Ordinal), "Without VNNI ONNX Runtime's sums of uint8 and int8 products saturate.");
        using var peer = new InferenceSession(File.ReadAllBytes(Fixture("dynamic_lstm", type)));
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(Import("dynamic_lstm", type, optimized: true)));
        using Session session = model.CreateSession();
        var random = new Random(1);
        var actual = new float[session.OutputLength];
        double error = 0;
        for (int run = 0; run < Runs; run++)
        {
            (float[] input, NamedOnnxValue given) = Input(peer, type, random);
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = peer.Run([given]);
            float[] expected = Floats(results[0]);
            session.Run(input, actual);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 0.03f));
            error += expected.Zip(actual, (a, b) => Math.Abs(a - b)).Average() / Runs;
        }

        Assert.InRange(error, 0, 0.005);
    }

    [Fact]
    public void Images_are_transposed_once()
    {
        Graph graph = Import("cnn", "uint8", optimized: true);
        Assert.Single(graph.Nodes, node => node.Opcode == Opcode.Transpose);
    }

    [Theory]
    [InlineData("int8")]
    [InlineData("uint8")]
    public void Weights_that_do_not_fit_int8_are_computed_by_value(string type)
    {
        Graph graph = Import("wide", type, optimized: true);
        Assert.Equal(TensorType.Float32, Assert.Single(graph.Nodes, node => node.Opcode == Opcode.Conv).Output.Type);
    }

    [Fact]
    public void Quantizing_once_more_keeps_the_scales_of_the_model()
    {
        Graph graph = Import("cnn", "int8", optimized: true);
        var random = new Random(3);
        float[][] rows = [.. Enumerable.Range(0, 20).Select(_ => (float[])[.. Enumerable.Range(0, 432).Select(_ => (2 * random.NextSingle()) - 1)])];
        Assert.Equal(GraphRunner.RunAll(graph, rows), GraphRunner.RunAll(Quantizer.Quantize(graph, rows, Precision.Int8), rows));
    }

    private static Graph Import(string name, string type, bool optimized)
    {
        Graph graph = OnnxImporter.Import(Fixture(name, type));
        return optimized ? GraphOptimizer.Optimize(graph) : graph;
    }

    private static (float[] Values, NamedOnnxValue Given) Input(InferenceSession peer, string type, Random random)
    {
        NodeMetadata metadata = peer.InputMetadata["input"];
        int length = metadata.Dimensions.Aggregate(1, (product, size) => product * size);
        if (metadata.ElementType == typeof(float))
        {
            // A little beyond the range, so that inputs saturate too.
            float[] real = [.. Enumerable.Range(0, length).Select(_ => (2.2f * random.NextSingle()) - 1.1f)];
            return (real, NamedOnnxValue.CreateFromTensor("input", new DenseTensor<float>(real, metadata.Dimensions)));
        }

        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        if (type == "uint8")
        {
            return ([.. bytes.Select(value => (float)value)], NamedOnnxValue.CreateFromTensor("input", new DenseTensor<byte>(bytes, metadata.Dimensions)));
        }

        sbyte[] signed = Array.ConvertAll(bytes, value => (sbyte)value);
        return ([.. signed.Select(value => (float)value)], NamedOnnxValue.CreateFromTensor("input", new DenseTensor<sbyte>(signed, metadata.Dimensions)));
    }

    private static float[] Floats(DisposableNamedOnnxValue output) => output.ElementType switch
    {
        TensorElementType.UInt8 => [.. output.AsEnumerable<byte>().Select(value => (float)value)],
        TensorElementType.Int8 => [.. output.AsEnumerable<sbyte>().Select(value => (float)value)],
        _ => [.. output.AsEnumerable<float>()],
    };

    private static string Fixture(string name, string type) => Path.Combine(AppContext.BaseDirectory, "TestData", "qonnx", $"{name}_{type}.onnx");
}
