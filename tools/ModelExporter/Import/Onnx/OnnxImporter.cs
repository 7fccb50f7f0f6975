using System.Security.Cryptography;
using ModelExporter.Graphs;
using ModelExporter.Optimize.Passes;
using ModelFormat;

namespace ModelExporter.Import.Onnx;

/// <summary>Imports ONNX models: opset 7 to the newest, weights inline or beside the file, a dynamic batch as 1.</summary>
public static class OnnxImporter
{
    private const long MaxDimension = 1 << 24;

    /// <summary>Imports a file.</summary>
    /// <param name="path">The .onnx file.</param>
    /// <param name="inputShapes">Shapes of inputs by name, for a model whose dimensions other than the batch are not fixed; or null.</param>
    /// <exception cref="InputException">The file cannot be read, is no valid model, or has operators that are not supported: all of them are named.</exception>
    public static Graph Import(string path, IReadOnlyDictionary<string, int[]>? inputShapes = null)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"There is no file '{path}'; check the path.");
        }

        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read: {exception.Message}", exception);
        }

        return Import(bytes, path, inputShapes);
    }

    /// <summary>Imports a model from memory.</summary>
    /// <param name="bytes">The content of the file.</param>
    /// <param name="name">The file's path, for messages, for external data beside it, and for the model's name.</param>
    /// <param name="inputShapes">Shapes of inputs by name, or null.</param>
    public static Graph Import(byte[] bytes, string name, IReadOnlyDictionary<string, int[]>? inputShapes = null) =>
        Import(bytes, name, inputShapes, new Dictionary<string, OnnxTensor>());

    /// <summary>Imports a model, some of whose inputs are constants with the values given.</summary>
    internal static Graph Import(byte[] bytes, string name, IReadOnlyDictionary<string, int[]>? inputShapes, IReadOnlyDictionary<string, OnnxTensor> constants)
    {
        OnnxModel model = OnnxParser.Parse(bytes, name);
        OnnxFunctions.Inline(model, name);
        IReadOnlyList<string> classTexts = OnnxOutputs.ClassTexts(model.Graph);
        string? leftOut = OnnxOutputs.Filter(model.Graph);
        List<OnnxNode> nodes = OnnxOrder.Sort(model.Graph, name);
        RequireSupport(nodes, name);
        DropUnreadInputs(model.Graph, nodes);

        var scope = new OnnxScope(name, model.Opsets);
        DefineInitializers(model.Graph, scope);
        foreach ((string input, OnnxTensor tensor) in constants)
        {
            scope.Define(input, scope.Constant(tensor, input));
        }

        DefineInputs(model.Graph, scope, inputShapes);
        if (scope.Graph.Inputs.Count == 0 && constants.Count == 0)
        {
            throw new InputException($"'{name}' has no input; a model that computes a constant needs no engine.");
        }

        Convert(nodes, scope);
        foreach (OnnxValueInfo output in model.Graph.Outputs)
        {
            scope.Graph.Outputs.Add(Output(output, scope));
        }

        scope.Graph.SourceOperators = new SortedDictionary<string, int>(nodes.CountBy(node => node.OpType).ToDictionary(), StringComparer.Ordinal);
        if (scope.Quantized.Any)
        {
            // Each tensor was converted by value and as int8; one of them is read.
            new DeadNodeRemoval().Run(scope.Graph);
        }

        scope.Graph.Metadata = new GraphMetadata
        {
            Name = Path.GetFileNameWithoutExtension(name),
            SourceHash = SHA256.HashData(bytes),
            Labels = classTexts.Count > 0 ? classTexts : scope.Labels,
            Notes = leftOut is null ? [] : [leftOut],
            InputNames = scope.Graph.Inputs.Count > 1 && scope.Graph.Inputs.All(input => input.Elements == 1) ? [.. scope.Graph.Inputs.Select(input => input.Name)] : [],
            Precision = scope.Quantized.Any ? scope.Graph.DescribePrecision() : "float32",
        };
        return scope.Graph;
    }

    /// <summary>Converts nodes in the order of execution.</summary>
    internal static void Convert(IEnumerable<OnnxNode> nodes, OnnxScope scope)
    {
        foreach (OnnxNode node in nodes)
        {
            var call = new OnnxCall(scope, node);
            try
            {
                OnnxOperators.Find(node)!(call);
                call.CheckAttributes();
                scope.Converted(node);
            }
            catch (Exception exception) when (exception is ArgumentException or OverflowException or IndexOutOfRangeException or ModelFormatException)
            {
                throw call.Fault(exception.Message.TrimEnd('.'), exception);
            }
        }
    }

    /// <summary>Converts a graph inside a node, whose names are those of the graph around it and its own.</summary>
    internal static void ConvertSubgraph(OnnxGraph graph, OnnxScope scope)
    {
        List<OnnxNode> nodes = OnnxOrder.Sort(graph, scope.Path);
        RequireSupport(nodes, scope.Path);
        DefineInitializers(graph, scope);
        Convert(nodes, scope);
    }

    // An input that is an output itself is read by the caller.
    private static void DropUnreadInputs(OnnxGraph graph, List<OnnxNode> nodes)
    {
        HashSet<string> read = [.. nodes.SelectMany(node => node.Inputs), .. graph.Outputs.Select(output => output.Name)];
        if (!nodes.Exists(node => node.OpType is "If" or "Loop" or "Scan"))
        {
            List<OnnxValueInfo> unread = graph.Inputs.FindAll(input => !read.Contains(input.Name));
            if (unread.Count < graph.Inputs.Count)
            {
                graph.Inputs.RemoveAll(unread.Contains);
            }
        }
    }

    private static void RequireSupport(List<OnnxNode> nodes, string path)
    {
        string[] unsupported =
        [
            .. nodes.Where(node => OnnxOperators.Find(node) is null)
                .GroupBy(node => node.Domain.Length == 0 ? node.OpType : $"{node.Domain}.{node.OpType}")
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => $"{group.Key} (node{(group.Count() == 1 ? "" : "s")} {string.Join(", ", group.Select(node => $"'{node.Title}'"))})"),
        ];
        if (unsupported.Length > 0)
        {
            throw new InputException($"'{path}' uses {(unsupported.Length == 1 ? "an operator that is" : "operators that are")} not supported: {string.Join("; ", unsupported)}; docs/onnx.md lists those that are.");
        }
    }

    private static void DefineInitializers(OnnxGraph graph, OnnxScope scope)
    {
        foreach (OnnxTensor tensor in graph.Initializers)
        {
            scope.Define(tensor.Name, scope.Constant(tensor, tensor.Name));
        }
    }

    private static void DefineInputs(OnnxGraph graph, OnnxScope scope, IReadOnlyDictionary<string, int[]>? inputShapes)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (OnnxValueInfo input in graph.Inputs)
        {
            if (!names.Add(input.Name))
            {
                throw new InputException($"'{scope.Path}' has two inputs named '{input.Name}'; export the model again.");
            }

            // Before IR version 4 every initialiser was an input too, as a default nobody overrides.
            if (scope.TryFind(input.Name, out _))
            {
                continue;
            }

            if (!input.IsTensor || input.Type is OnnxElementType.Text or OnnxElementType.Undefined)
            {
                throw new InputException($"'{scope.Path}': the input '{input.Name}' is no tensor of numbers; export the model with numeric inputs.");
            }

            int[] shape = inputShapes?.GetValueOrDefault(input.Name) ?? InputShape(input, scope.Path);
            var value = new Value(input.Name, TensorType.Float32, shape);
            scope.Graph.Inputs.Add(value);
            scope.Define(input.Name, new OnnxOperand(value, input.Type));
        }
    }

    private static int[] InputShape(OnnxValueInfo input, string path)
    {
        if (input.Shape is null)
        {
            throw new InputException($"'{path}': the input '{input.Name}' has no shape; export the model with one.");
        }

        if (input.Shape.Count > FormatLayout.MaxRank)
        {
            throw new InputException($"'{path}': the input '{input.Name}' has {input.Shape.Count} dimensions, more than {FormatLayout.MaxRank}.");
        }

        var shape = new int[input.Shape.Count];
        long elements = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            OnnxDimension dimension = input.Shape[i];
            bool batch = i == 0 || (dimension.Symbol.Length > 0 && (dimension.Symbol == input.Shape[0].Symbol || IsBatchName(dimension.Symbol)));
            if (dimension.Size < 0 && dimension.Symbol.Length == 0 && dimension.Size != -1)
            {
                throw new InputException($"'{path}': the input '{input.Name}' has a dimension of {dimension.Size}; export the model again.");
            }

            if (dimension.Size < 0 && !batch)
            {
                string symbol = dimension.Symbol.Length > 0 ? $" ('{dimension.Symbol}')" : "";
                throw new InputException($"'{path}': dimension {i}{symbol} of the input '{input.Name}' is not fixed; export the model with a fixed size, only the batch may vary.");
            }

            long size = dimension.Size < 0 ? 1 : dimension.Size;
            if (size is < 1 or > MaxDimension || (elements *= size) > FormatLayout.MaxArenaBytes / sizeof(float))
            {
                throw new InputException($"'{path}': the input '{input.Name}' declares a dimension of {size}, which no input of this engine can have.");
            }

            shape[i] = (int)size;
        }

        return shape;
    }

    private static bool IsBatchName(string symbol) =>
        symbol is "N" or "n" or "B" or "b" || symbol.Contains("batch", StringComparison.OrdinalIgnoreCase);

    private static Value Output(OnnxValueInfo output, OnnxScope scope)
    {
        if (!scope.TryFind(output.Name, out OnnxOperand operand))
        {
            throw new InputException($"'{scope.Path}': no node produces the output '{output.Name}'; export the model again.");
        }

        if (operand.Value.Elements == 0)
        {
            throw new InputException($"'{scope.Path}': the output '{output.Name}' is empty; export the model again.");
        }

        // The tensors that a node writes are all called by its first output: two results need two names.
        if (!operand.Value.IsConstant && scope.Graph.Outputs.Exists(other => other != operand.Value && other.Name == operand.Value.Name))
        {
            operand.Value.Name = output.Name;
        }

        return operand.Value;
    }
}
