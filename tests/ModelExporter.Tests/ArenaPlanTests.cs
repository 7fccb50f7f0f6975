using System.Runtime.CompilerServices;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Keras;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests;

public class ArenaPlanTests(ITestOutputHelper log)
{
    private const double Allowed = 1.1;

    /// <summary>Every model of the project, and those in <c>shared/fixtures</c> and <c>shared/mlperf-tiny</c> beside the checkout.</summary>
    public static TheoryData<string> Models => [.. Files()];

    [Theory]
    [MemberData(nameof(Models))]
    public void The_arena_is_close_to_the_lower_bound(string path)
    {
        Graph graph = Import(path);
        ArenaPlan apart = ArenaPlanner.Plan(graph, inPlace: false);
        ArenaPlan plan = ArenaPlanner.Plan(graph);
        log.WriteLine($"{Path.GetFileName(path)}: {plan.Bytes} bytes, bound {plan.LowerBound}; not in place {apart.Bytes}");
        Assert.True(plan.Bytes <= Allowed * plan.LowerBound, $"{plan.Bytes} bytes where {plan.LowerBound} must be");
        Assert.True(plan.Bytes <= apart.Bytes, $"{plan.Bytes} bytes in place, {apart.Bytes} apart");
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Outputs_are_the_same_bits_in_place_and_apart(string path)
    {
        Graph graph = Import(path);
        using EdgeModel shared = EdgeModel.Load(ModelWriter.Write(graph, ArenaPlanner.Plan(graph)));
        using EdgeModel apart = EdgeModel.Load(ModelWriter.Write(graph, Apart(graph)));
        AssertSame(shared, apart);
    }

    [Fact]
    public void Element_by_element_operators_work_in_place()
    {
        Graph graph = Elementwise();
        ArenaPlan plan = ArenaPlanner.Plan(graph);

        // a is read at the end, and row is broadcast: they keep their places, the rest shares one.
        Assert.True(plan.Bytes < ArenaPlanner.Plan(graph, inPlace: false).Bytes);
        using EdgeModel shared = EdgeModel.Load(ModelWriter.Write(graph, plan));
        using EdgeModel apart = EdgeModel.Load(ModelWriter.Write(graph, Apart(graph)));
        AssertSame(shared, apart);
    }

    // A chain of element-by-element operators with a value that is read twice, one that is read again later, and a broadcast.
    private static Graph Elementwise()
    {
        var builder = new GraphBuilder(new Graph());
        var x = new Value("x", TensorType.Float32, 1, 8, 16);
        builder.Graph.Inputs.Add(x);
        Value a = builder.Activation(ActivationKind.Tanh, x);
        Value b = builder.Unary(UnaryKind.Abs, a);
        Value c = builder.Arithmetic(Opcode.Add, b, b);
        Value d = builder.Arithmetic(Opcode.Mul, c, a);
        Value row = builder.Reduce(ReduceKind.Max, d, [1]);
        Value e = builder.Arithmetic(Opcode.Sub, row, d);
        Value f = builder.Activation(ActivationKind.Sigmoid, e);
        builder.Graph.Outputs.Add(builder.Arithmetic(Opcode.Div, f, a));
        return builder.Graph;
    }

    /// <summary>Every tensor in a place of its own: nothing can be overwritten too early.</summary>
    internal static ArenaPlan Apart(Graph graph)
    {
        var offsets = new Dictionary<Value, int>();
        int bytes = 0;
        foreach (Value value in graph.Inputs.Concat(graph.Nodes.SelectMany(node => node.Inputs.OfType<Value>().Where(input => !input.IsConstant).Concat(node.Outputs))))
        {
            if (offsets.TryAdd(value, bytes))
            {
                bytes += (value.Bytes + 63) / 64 * 64;
            }
        }

        return new ArenaPlan(offsets, bytes, bytes);
    }

    /// <summary>Both give the same bits on all kernels, over runs that follow each other.</summary>
    internal static void AssertSame(EdgeModel shared, EdgeModel apart)
    {
        foreach (KernelSet kernels in Enum.GetValues<KernelSet>())
        {
            using Session left = shared.CreateSession(kernels);
            using Session right = apart.CreateSession(kernels);
            var random = new Random(1);
            for (int run = 0; run < 3; run++)
            {
                float[] x = [.. Enumerable.Range(0, left.InputLength).Select(_ => (random.NextSingle() * 2) - 1)];
                var y = new float[left.OutputLength];
                var expected = new float[right.OutputLength];
                left.Run(x, y);
                right.Run(x, expected);
                Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), y.Select(BitConverter.SingleToInt32Bits));
            }
        }
    }

    private static Graph Import(string path) => Path.GetExtension(path) switch
    {
        ".tflite" => TfliteImporter.Import(path),
        ".h5" => GraphOptimizer.Optimize(KerasImporter.Import(path)),
        _ => GraphOptimizer.Optimize(OnnxImporter.Import(path)),
    };

    private static IEnumerable<string> Files([CallerFilePath] string here = "")
    {
        string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
        IEnumerable<string> files = Directory.GetFiles(Path.Combine(root, "data"), "*.onnx");
        for (DirectoryInfo? folder = new DirectoryInfo(root).Parent; folder is not null; folder = folder.Parent)
        {
            // Named one by one: what else lies in a shared folder has tests of its own, some of it is not to be importable.
            foreach (string shared in new[] { "fixtures", "mlperf-tiny" }.Select(name => Path.Combine(folder.FullName, "shared", name)).Where(Directory.Exists))
            {
                files = files.Concat(new[] { "*.onnx", "*.tflite", "*.h5" }.SelectMany(pattern => Directory.GetFiles(shared, pattern)));
            }
        }

        return files.Order(StringComparer.Ordinal);
    }
}
