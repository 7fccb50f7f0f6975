using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace OnnxBackend.Tests;

/// <summary>How a case ended.</summary>
internal enum Outcome
{
    Passed,
    Refused,
    Failed,
}

/// <summary>One case of the ONNX standard's backend tests: a model, inputs, and the outputs that must come.</summary>
internal sealed class BackendCase
{
    // As DESIGN.md: relative to the largest output. The 16-bit types hold fewer digits than that.
    private const float Tolerance = 1e-5f;
    private const float HalfTolerance = 1e-3f;
    private const float BFloat16Tolerance = 1e-2f;

    private readonly string folder;
    private readonly byte[] bytes;
    private readonly OnnxModel model;

    internal BackendCase(string folder)
    {
        this.folder = folder;
        bytes = File.ReadAllBytes(Path.Combine(folder, "model.onnx"));
        model = OnnxParser.Parse(bytes, folder);
        Name = Path.GetFileName(folder);
    }

    internal string Name { get; }

    /// <summary>The operator of a case with one node; "expanded" for one of several nodes.</summary>
    internal string Operator => model.Graph.Nodes.Count == 1
        ? model.Graph.Nodes[0].Domain.Length == 0 ? model.Graph.Nodes[0].OpType : $"{model.Graph.Nodes[0].Domain}.{model.Graph.Nodes[0].OpType}"
        : "expanded";

    /// <summary>Whether every operator has a row in the importer's table.</summary>
    internal bool IsListed => model.Graph.Nodes.TrueForAll(node => OnnxOperators.Find(node) is not null);

    /// <summary>Runs all data sets of the case, unoptimised on the reference kernels and optimised on the fast ones.</summary>
    internal (Outcome Outcome, string Detail) Run()
    {
        try
        {
            foreach (string set in Directory.GetDirectories(folder, "test_data_set_*"))
            {
                string problem = RunSet(set, optimize: false, KernelSet.Reference) is { Length: > 0 } plain ? $"reference: {plain}" : RunSet(set, optimize: true, KernelSet.Fast);
                if (problem.Length > 0)
                {
                    return (Outcome.Failed, problem);
                }
            }

            return (Outcome.Passed, "");
        }
        catch (InputException exception)
        {
            return (Outcome.Refused, exception.Message);
        }
    }

    private string RunSet(string set, bool optimize, KernelSet kernels)
    {
        OnnxTensor[] inputs = Tensors(set, "input");
        OnnxTensor[] expected = Tensors(set, "output");
        HashSet<string> initializers = [.. model.Graph.Initializers.Select(tensor => tensor.Name)];
        string[] names = [.. model.Graph.Inputs.Select(input => input.Name).Where(name => !initializers.Contains(name)).Take(inputs.Length)];
        Graph graph = ImportWithFewestConstants(names, inputs);
        graph = optimize ? GraphOptimizer.Optimize(graph) : graph;
        float[] flat = [.. graph.Inputs.SelectMany(input => inputs[Array.IndexOf(names, input.Name)].ToFloats(folder))];
        if (graph.Inputs.Count == 0)
        {
            graph.Inputs.Add(new Value("unused", TensorType.Float32, 1));
            flat = [0f];
        }

        using EdgeModel engine = EdgeModel.Load(ModelWriter.Write(graph));
        using Session session = engine.CreateSession(kernels);
        var results = new float[session.OutputLength];
        session.Run(flat, results);
        int offset = 0;
        for (int i = 0; i < graph.Outputs.Count; i++)
        {
            Value output = graph.Outputs[i];
            int[] shape = expected[i].Shape(folder);
            if (!shape.SequenceEqual(output.Shape))
            {
                return $"output {i} has the shape [{string.Join(", ", output.Shape)}] where [{string.Join(", ", shape)}] belongs";
            }

            if (Compare(expected[i], results.AsSpan(offset, output.Elements)) is { Length: > 0 } problem)
            {
                return $"output {i}: {problem}";
            }

            offset += output.Elements;
        }

        return "";
    }

    // The cases pass weights, shapes and axes as inputs. What the engine wants as a constant is made one; all else stays an input.
    private Graph ImportWithFewestConstants(string[] names, OnnxTensor[] inputs)
    {
        var shapes = new Dictionary<string, int[]>();
        for (int i = 0; i < names.Length; i++)
        {
            shapes[names[i]] = inputs[i].Shape(folder);
            if (inputs[i].Type == OnnxElementType.Text || Array.Exists(shapes[names[i]], size => size == 0))
            {
                shapes.Remove(names[i]);
            }
        }

        InputException? last = null;
        string[][] choices = [[.. names.Where(name => !shapes.ContainsKey(name))], [.. names.Skip(1)], names];
        foreach (string[] baked in choices)
        {
            try
            {
                Dictionary<string, OnnxTensor> constants = baked.ToDictionary(name => name, name => inputs[Array.IndexOf(names, name)]);
                return OnnxImporter.Import(bytes, Path.Combine(folder, "model.onnx"), shapes, constants);
            }
            catch (InputException exception) when (exception.Message.Contains("needs a constant as input", StringComparison.Ordinal))
            {
                last = exception;
            }
        }

        throw last!;
    }

    private OnnxTensor[] Tensors(string set, string kind)
    {
        int count = Directory.GetFiles(set, kind + "_*.pb").Length;
        var tensors = new OnnxTensor[count];
        List<OnnxValueInfo> infos = kind == "input" ? model.Graph.Inputs : model.Graph.Outputs;
        for (int i = 0; i < count; i++)
        {
            if (!infos[i].IsTensor || infos[i].Type is OnnxElementType.Text or OnnxElementType.Undefined)
            {
                throw new InputException($"{kind} {i} is no tensor of numbers");
            }

            tensors[i] = OnnxParser.ParseTensor(File.ReadAllBytes(Path.Combine(set, $"{kind}_{i}.pb")), folder);
            if (infos[i].Type == OnnxElementType.BFloat16)
            {
                // numpy has no such type: older generators stored the bits as another.
                tensors[i].Type = OnnxElementType.BFloat16;
            }
        }

        return tensors;
    }

    private string Compare(OnnxTensor tensor, ReadOnlySpan<float> actual)
    {
        float[] expected = tensor.ToFloats(folder);
        float largest = expected.Where(float.IsFinite).Select(MathF.Abs).DefaultIfEmpty(0f).Max();
        float tolerance = BackendExclusions.Tolerance(Name) ?? tensor.Type switch
        {
            OnnxElementType.Float16 => HalfTolerance,
            OnnxElementType.BFloat16 => BFloat16Tolerance,
            _ => Tolerance,
        };
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = expected[i].Equals(actual[i]) || MathF.Abs(expected[i] - actual[i]) <= (tolerance * largest) + 1e-7f;
            if (!same)
            {
                return $"element {i} is {actual[i]:R} where {expected[i]:R} belongs";
            }
        }

        return "";
    }
}
