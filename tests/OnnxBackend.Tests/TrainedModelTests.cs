using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.Runtime;

namespace OnnxBackend.Tests;

/// <summary>
/// Models that PyTorch and scikit-learn exported, each a folder with model.onnx, input.npy and the outputs of the framework
/// itself (output.npy or output_proba.npy), read from the folder in EDGE_ONNX_MODELS or ../shared/onnx-models beside the checkout.
/// </summary>
public class TrainedModelTests(ITestOutputHelper log)
{
    private const string Variable = "EDGE_ONNX_MODELS";
    private const int Rows = 100;
    private const double ArenaAllowed = 1.1;

    [Fact]
    public void Outputs_equal_those_of_the_framework()
    {
        string? root = Environment.GetEnvironmentVariable(Variable) ?? Beside();
        Assert.SkipWhen(root is null, $"There are no models: set {Variable}, or put them into ../shared/onnx-models beside the checkout.");
        var faults = new List<string>();
        int passed = 0;
        foreach (string file in Directory.GetFiles(root!, "model.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string folder = Path.GetDirectoryName(file)!;
            string problem;
            try
            {
                problem = Check(folder);
            }
            catch (Exception exception)
            {
                problem = exception.ToString();
            }

            passed += problem.Length == 0 ? 1 : 0;
            if (problem.Length > 0)
            {
                faults.Add($"Failed {Path.GetFileName(folder)}: {problem}");
            }
        }

        log.WriteLine($"{passed} models passed");
        Assert.True(passed > 0 && faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    private string Check(string folder)
    {
        Graph graph = GraphOptimizer.Optimize(OnnxImporter.Import(Path.Combine(folder, "model.onnx")));
        ArenaPlan plan = ArenaPlanner.Plan(graph);
        log.WriteLine($"{Path.GetFileName(folder)}: {graph.Nodes.Count} nodes, arena {plan.Bytes} of {plan.LowerBound}: {string.Join(' ', graph.Nodes.Select(node => node.Opcode))}");
        if (plan.Bytes > ArenaAllowed * plan.LowerBound)
        {
            return $"needs an arena of {plan.Bytes} bytes, where {plan.LowerBound} are alive at once";
        }

        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        using Session session = model.CreateSession();
        (_, float[] input) = NpyFile.Read(Path.Combine(folder, "input.npy"));
        string output = new[] { "output.npy", "output_proba.npy", "output_label.npy" }.Select(name => Path.Combine(folder, name)).First(File.Exists);
        (int[] shape, float[] expected) = NpyFile.Read(output);
        int runs = Math.Min(Rows, input.Length / session.InputLength);
        int each = expected.Length / (input.Length / session.InputLength);
        var results = new float[session.OutputLength];
        float largest = expected.Max(MathF.Abs);
        float worst = 0f;
        for (int run = 0; run < runs; run++)
        {
            session.Run(input.AsSpan(run * session.InputLength, session.InputLength), results);
            for (int i = 0; i < each; i++)
            {
                float difference = MathF.Abs(results[results.Length - each + i] - expected[(run * each) + i]);
                worst = MathF.Max(worst, float.IsNaN(difference) ? float.PositiveInfinity : difference);
            }
        }

        return worst <= 1e-5f * MathF.Max(largest, 1f) ? "" : $"differs by {worst:g3} where outputs [{string.Join(", ", shape)}] go up to {largest:g3}";
    }

    private static string? Beside()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "EdgeInference.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        string beside = Path.Combine(folder ?? "", "..", "shared", "onnx-models");
        return Directory.Exists(beside) ? beside : null;
    }
}
