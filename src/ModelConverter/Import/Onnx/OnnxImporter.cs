using System.Security.Cryptography;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Optimize.Passes;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>Imports ONNX models: opset 7 to the newest, weights inline or beside the file, a dynamic batch as 1.</summary>
internal static class OnnxImporter
{
    /// <summary>Imports a file.</summary>
    /// <param name="path">The .onnx file.</param>
    /// <param name="inputShapes">Shapes of inputs by name, for a model whose dimensions other than the batch are not fixed; or null.</param>
    /// <exception cref="InputException">The file cannot be read, is not a valid model, or has operators that are not supported: all of them are named.</exception>
    public static Graph Import(string path, IReadOnlyDictionary<string, int[]>? inputShapes = null) => Import(Read(path), path, inputShapes);

    /// <summary>Imports a file with its own batch.</summary>
    /// <param name="path">The .onnx file.</param>
    /// <param name="options">What the file leaves open; a batch that it fixes becomes the one asked for, or 1, where its rows do not depend on each other.</param>
    /// <exception cref="InputException">As above, or an option names what the model does not have.</exception>
    public static Graph Import(string path, ImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        byte[] bytes = Read(path);
        var none = new Dictionary<string, OnnxTensor>();
        (Graph graph, OnnxDimensions dimensions, _) = Build(bytes, path, options, none);
        if (dimensions.FirstIsFixed)
        {
            return FrozenBatch.Release(graph, options.Batch, (shapes, fixedBatch) => Build(bytes, path, options with { Shapes = shapes, FixedBatch = fixedBatch }, none, isPart: true).Graph);
        }

        if (options.Batch > 1 && !dimensions.Batches.Contains(options.Batch.Value))
        {
            throw new InputException($"--batch {options.Batch} is not possible: no open dimension of '{path}' is the batch; name the dimension with --dim.");
        }

        graph.Metadata = graph.Metadata with { Batch = dimensions.Batches.DefaultIfEmpty(1).Max() };
        return graph;
    }

    /// <summary>Imports a model from memory.</summary>
    /// <param name="bytes">The content of the file.</param>
    /// <param name="name">The file's path, for messages, for external data beside it, and for the model's name.</param>
    /// <param name="inputShapes">Shapes of inputs by name, or null.</param>
    public static Graph Import(byte[] bytes, string name, IReadOnlyDictionary<string, int[]>? inputShapes = null) =>
        Import(bytes, name, inputShapes, new Dictionary<string, OnnxTensor>());

    /// <summary>Imports a model, some of whose inputs are constants with the values given.</summary>
    internal static Graph Import(byte[] bytes, string name, IReadOnlyDictionary<string, int[]>? inputShapes, IReadOnlyDictionary<string, OnnxTensor> constants) =>
        Build(bytes, name, new ImportOptions { Shapes = inputShapes }, constants).Graph;

    private static byte[] Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"File '{path}' not found; check the path.");
        }

        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read: {exception.Message}", exception);
        }
    }

    private static (Graph Graph, OnnxDimensions Dimensions, OnnxElementType First) Build(byte[] bytes, string name, ImportOptions options, IReadOnlyDictionary<string, OnnxTensor> constants, bool isPart = false)
    {
        bool keepsLabel = true;
        try
        {
            return Build(bytes, name, options, constants, isPart, ref keepsLabel);
        }
        catch (InputException) when (keepsLabel)
        {
            // A label that only tells more of the scores is not worth a refusal.
            keepsLabel = false;
            return Build(bytes, name, options, constants, isPart, ref keepsLabel);
        }
    }

    // keepsLabel: whether to keep a label beside scores that it explains, and then whether there was one.
    private static (Graph Graph, OnnxDimensions Dimensions, OnnxElementType First) Build(byte[] bytes, string name, ImportOptions options, IReadOnlyDictionary<string, OnnxTensor> constants, bool isPart, ref bool keepsLabel)
    {
        bool mayKeepLabel = keepsLabel;
        keepsLabel = false;
        OnnxModel model = OnnxParser.Parse(bytes, name);
        OnnxFunctions.Inline(model, name);
        IReadOnlyList<string> classTexts = OnnxOutputs.ClassTexts(model.Graph);
        string[] declared = [.. model.Graph.Inputs.Select(input => input.Name)];
        string? leftOut = null;
        var dimensions = new OnnxDimensions(options, name);
        if (options.Outputs is { } outputs)
        {
            OnnxSelection.Outputs(model.Graph, outputs);
        }
        else
        {
            (leftOut, keepsLabel) = OnnxOutputs.Filter(model.Graph, mayKeepLabel);
        }

        if (options.Inputs is { } inputs)
        {
            OnnxSelection.Inputs(model.Graph, inputs, tensor => Describe(bytes, name, options, tensor, dimensions));
        }

        List<OnnxNode> nodes = OnnxOrder.Sort(model.Graph, name);
        if (options.Inputs is not null)
        {
            OnnxSelection.CheckInputs(declared, model.Graph, nodes);
        }

        RequireSupport(nodes, name);
        DropUnreadInputs(model.Graph, nodes);

        var scope = new OnnxScope(name, model.Opsets) { Batch = options is { FixedBatch: { } rows, Shapes: { Count: > 0 } shapes } ? (rows, shapes.First().Value[0]) : null };
        DefineInitializers(model.Graph, scope);
        foreach ((string input, OnnxTensor tensor) in constants)
        {
            scope.Define(input, scope.Constant(tensor, input));
        }

        DefineInputs(model.Graph, scope, dimensions);
        if (!isPart)
        {
            dimensions.CheckUsed();
        }

        if (scope.Graph.Inputs.Count == 0 && constants.Count == 0)
        {
            throw new InputException($"'{name}' has no input; a model that computes a constant needs no engine.");
        }

        Convert(nodes, scope);
        if (!isPart && scope.Texts.Unknown() is { } text)
        {
            throw new InputException($"'{name}': the input '{text.Name}' is not a tensor of numbers, and no OneHotEncoder, LabelEncoder or CategoryMapper says what texts it takes; export the model with numeric inputs.");
        }

        foreach (OnnxValueInfo output in model.Graph.Outputs)
        {
            Value value = Output(output, scope);
            scope.Graph.Outputs.Add(value);
            if (output.Type == OnnxElementType.Text)
            {
                scope.Graph.TextOutputs.Add(value);
            }
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
            SourceProducer = Clip($"{model.Producer} {model.ProducerVersion}".Trim()),
            SourceHash = SHA256.HashData(bytes),
            Labels = classTexts.Count > 0 ? classTexts : scope.Labels,
            Notes = leftOut is null ? dimensions.Notes : [leftOut, .. dimensions.Notes],
            InputNames = scope.Graph.Inputs.Count > 1 && scope.Graph.Inputs.All(input => input.Elements == 1) ? [.. scope.Graph.Inputs.Select(input => input.Name)] : [],
            InputCategories = scope.Texts.Categories,
            Precision = scope.Quantized.Any ? scope.Graph.CommonPrecision() : Precision.Float32,
        };
        return (scope.Graph, dimensions, scope.TryFind(model.Graph.Outputs[0].Name, out OnnxOperand first) ? first.Type : OnnxElementType.Float32);
    }

    // A hostile file may call its producer anything.
    private static string Clip(string text) => text.Length <= 100 ? text : text[..100];

    /// <summary>Converts nodes in the order of execution.</summary>
    internal static void Convert(IEnumerable<OnnxNode> nodes, OnnxScope scope)
    {
        foreach (OnnxNode node in nodes)
        {
            var call = new OnnxNodeContext(scope, node);
            try
            {
                OnnxTexts.Check(call);
                OnnxOperators.Find(node)!(call);
                call.CheckAttributes();
                OnnxTexts.Follow(call);
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
            throw new InputException($"'{path}' uses {(unsupported.Length == 1 ? "an operator that is" : "operators that are")} not supported: {string.Join("; ", unsupported)}; 'edge help onnx' lists those that are.");
        }
    }

    private static void DefineInitializers(OnnxGraph graph, OnnxScope scope)
    {
        foreach (OnnxTensor tensor in graph.Initializers)
        {
            OnnxOperand constant = scope.Constant(tensor, tensor.Name);
            scope.Define(tensor.Name, scope.Batch is { } batch && Followed(constant.Value, batch) is { } value ? new OnnxOperand(value, constant.Type) : constant);
        }
    }

    // One row for each of the batch, all alike, as where a vector was expanded when the file was written.
    private static Value? Followed(Value constant, (int Fixed, int Wanted) batch)
    {
        if (constant.Data is not float[] data || constant.Shape.Length < 2 || constant.Shape[0] != batch.Fixed)
        {
            return null;
        }

        float[] row = data[..(data.Length / batch.Fixed)];
        return data.Chunk(Math.Max(1, row.Length)).All(other => other.AsSpan().SequenceEqual(row))
            ? Value.Constant(constant.Name, [.. Enumerable.Repeat(row, batch.Wanted).SelectMany(values => values)], [batch.Wanted, .. constant.Shape[1..]])
            : null;
    }

    private static void DefineInputs(OnnxGraph graph, OnnxScope scope, OnnxDimensions dimensions)
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

            if (!input.IsTensor || input.Type is OnnxElementType.Undefined)
            {
                throw new InputException($"'{scope.Path}': the input '{input.Name}' is not a tensor of numbers; export the model with numeric inputs.");
            }

            var value = new Value(input.Name, TensorType.Float32, dimensions.Shape(input));
            scope.Graph.Inputs.Add(value);
            if (input.Type == OnnxElementType.Text)
            {
                scope.Texts.Define(value);
            }

            scope.Define(input.Name, new OnnxOperand(value, input.Type));
        }
    }

    // The shape of a tensor within the graph is what its nodes give.
    private static OnnxValueInfo Describe(byte[] bytes, string name, ImportOptions options, string tensor, OnnxDimensions dimensions)
    {
        try
        {
            (Graph part, OnnxDimensions used, OnnxElementType type) = Build(bytes, name, options with { Inputs = null, Outputs = [tensor] }, new Dictionary<string, OnnxTensor>(), isPart: true);
            dimensions.Add(used);
            return new OnnxValueInfo { Name = tensor, IsTensor = true, Type = type, Shape = [.. part.Outputs[0].Shape.Select(size => new OnnxDimension(size, ""))] };
        }
        catch (InputException exception)
        {
            throw new InputException($"'{name}' does not give the shape of '{tensor}', so --inputs cannot cut there; it cannot be computed either: {exception.Message:own}", exception);
        }
    }

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
