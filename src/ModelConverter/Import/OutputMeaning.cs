using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import;

/// <summary>Works out what a model's outputs mean from the operators that write them, and makes probabilities of logits.</summary>
internal static class OutputMeaning
{
    /// <summary>The words of <c>--head</c>.</summary>
    internal static readonly string[] Heads = ["logits", "probability", "scores", "value"];

    // A bound on the other side of it changes what is decided.
    private const float Half = 0.5f;

    /// <summary>Makes tensors the model's outputs.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="names">Names of outputs, or of tensors within the graph.</param>
    /// <exception cref="InputException">There is no tensor of that name.</exception>
    internal static void Select(Graph graph, IReadOnlyList<string> names)
    {
        Value[] known = [.. graph.Outputs, .. graph.Nodes.SelectMany(node => node.Outputs)];
        Value[] chosen = [.. names.Select(name => Array.Find(known, value => value.Name == name)
            ?? throw new InputException($"The model has no tensor '{name}' to use as an output{(Suggestion.Nearest(name, known.Select(value => value.Name)) is { Length: > 0 } nearest ? $"; did you mean '{nearest}'" : "")}; its outputs are {string.Join(", ", graph.Outputs.Select(output => $"'{output.Name}'"))}."))];
        graph.Outputs.Clear();
        graph.Outputs.AddRange(chosen);
    }

    /// <summary>A trained model whose output decides: for a comparison with one that does.</summary>
    /// <param name="path">The model's file.</param>
    /// <exception cref="InputException">The file cannot be imported, or does not say what its output means.</exception>
    internal static Graph ImportDecisive(string path)
    {
        Graph graph = ModelImporter.Import(path);
        Apply(graph, null);
        if (SeveralResults.Settle(graph) is { } several)
        {
            throw new InputException($"'{path}': {several}");
        }

        return graph.Metadata.OutputRoles switch
        {
            [OutputRole.Unknown] => throw new InputException($"'{path}' does not define what its output means; export it in float32 with --head and compare with that file."),
            [OutputRole.Value] => throw new InputException($"'{path}' returns quantities or several results, not one class; compare with a classifier, or export it in float32 with --outputs and --head and compare with that file."),
            _ => graph,
        };
    }

    /// <summary>Fills in the roles of the outputs, and leaves out labels where another output decides.</summary>
    internal static void Recognise(Graph graph)
    {
        Dictionary<Value, Node> producers = Producers(graph);
        List<OutputRole> roles = [.. graph.Outputs.Select(output => graph.TextOutputs.Contains(output) ? OutputRole.Label : Role(graph, output, producers, false))];
        LabelOutput.Settle(graph, roles);
        var notes = graph.Metadata.Notes.ToList();
        for (int i = 0; i < roles.Count; i++)
        {
            if (roles[i] == OutputRole.Unknown && graph.Hints.TryGetValue(graph.Outputs[i], out OutputHint? hint) && hint.Loss is not null)
            {
                roles[i] = hint.Role;
                if (roles.Count == 1)
                {
                    notes.Add($"The model was trained with {hint.Loss}, so its output {Holds(hint.Role, graph.Outputs[i])}; override it with --head.");
                }
            }
        }

        if (graph.Metadata.Batch > 1)
        {
            roles = [.. roles.Select(_ => OutputRole.Value)];
            notes.Add($"One inference takes {graph.Metadata.Batch} rows and returns as many results. The model can be run; to make decisions, export it with a batch of 1.");
        }
        else if (roles.Count > 1)
        {
            notes.Add($"The model has {roles.Count} outputs and does not define which one decides: {string.Join(", ", graph.Outputs.Select(output => $"'{output.Name}'"))}. The model can be run; to make decisions, keep one output with --outputs.");
        }
        else if (roles is [OutputRole.Unknown] && Role(graph, graph.Outputs[0], producers, true) == OutputRole.Probability)
        {
            notes.Add($"The output '{graph.Outputs[0].Name}' holds {graph.Outputs[0].Elements} probabilities that do not sum to one, and the file does not define whether one class is right or any number of labels. The model can be run; to pick the highest use --head probability, else --head value.");
        }
        else if (roles is [OutputRole.Unknown])
        {
            notes.Add($"The output '{graph.Outputs[0].Name}' ends without sigmoid or softmax, so its meaning is unknown. The model can be run; to make decisions, use --head logits, probability, scores or value.");
        }

        float? threshold = graph.Metadata.Threshold ?? Threshold(graph, roles);

        // Texts that a node within the graph maps to are not those of the classes.
        if (roles is [OutputRole.Probability or OutputRole.Score] && graph.Metadata.Labels.Count > 0 && graph.Metadata.Labels.Count != Math.Max(graph.Outputs[0].LastDimension, 2))
        {
            graph.Metadata = graph.Metadata with { Labels = [] };
        }

        graph.Metadata = graph.Metadata with { OutputRoles = roles, Head = Head(graph, roles), Notes = notes, Threshold = threshold, AcceptsMissing = MissingValues.AreDefined(graph) };
    }

    /// <summary>Makes the output mean what the caller says; a logit becomes a probability by a sigmoid or a softmax at the end of the graph.</summary>
    /// <param name="graph">The graph, whose roles have been recognised.</param>
    /// <param name="head">One of <see cref="Heads"/>, or null for what was recognised.</param>
    /// <param name="isStreamed">Whether the graph will take one frame a call, so that the classes of each are along the last axis.</param>
    /// <exception cref="InputException">The model has several outputs, or the output says itself what it means.</exception>
    internal static void Apply(Graph graph, string? head, bool isStreamed = false)
    {
        // What the importer said of it stands until a caller says something else.
        IReadOnlyList<string> notes = head is null ? graph.Metadata.Notes : [.. graph.Metadata.Notes.Where(note => !note.Contains("--head", StringComparison.Ordinal))];
        if (head is null)
        {
            if (graph.Metadata.OutputRoles is not [OutputRole.Logit])
            {
                return;
            }

            if (!isStreamed && SeveralResults.HasAxes(graph.Outputs[0]))
            {
                graph.Metadata = graph.Metadata with
                {
                    OutputRoles = [OutputRole.Value],
                    Head = DecisionHead.None,
                    Notes = [.. notes, $"The output '{graph.Outputs[0].Name}' holds logits of several results, in the shape [{string.Join(", ", graph.Outputs[0].Shape)}]. The model can be run; to make decisions, keep one result with --outputs, or one frame per call with --streaming."],
                };
                return;
            }

            head = Heads[0];
        }

        if (graph.Outputs.Count != 1)
        {
            throw new InputException($"--head defines one output but the model has {graph.Outputs.Count}: {string.Join(", ", graph.Outputs.Select(output => $"'{output.Name}'"))}; keep one with --outputs.");
        }

        if (graph.Metadata.Batch > 1)
        {
            throw new InputException($"--head {head} defines one result but a batch of {graph.Metadata.Batch} returns as many; omit --batch or --head.");
        }

        if (graph.Metadata.OutputRoles is [OutputRole.Label] && head != "value")
        {
            throw new InputException($"The output '{graph.Outputs[0].Name}' is a label, not {head}; omit --head {head}, and use --outputs with the name of the tensor that the label comes from.");
        }

        if (graph.Metadata.OutputRoles is [OutputRole.Logit] && head == Heads[1] && graph.Producer(graph.Outputs[0]) is { Opcode: Opcode.LogSoftmax })
        {
            throw new InputException($"The output '{graph.Outputs[0].Name}' ends in a LogSoftmax, so it holds logarithms of probabilities; omit --head {head}.");
        }

        if (!isStreamed && head != "value")
        {
            SeveralResults.Refuse(graph.Outputs[0], head);
        }

        if (head == "scores" && graph.Votes is { } votes)
        {
            graph.Outputs[0] = votes;
        }
        else if (graph.Metadata.OutputRoles is [OutputRole.Probability] && head != Heads[1])
        {
            throw new InputException($"The output '{graph.Outputs[0].Name}' ends in a sigmoid or softmax, so it holds probabilities; omit --head {head}.");
        }

        if (head is "logits" or "scores" && IsOfProbabilities(graph))
        {
            throw new InputException($"The output '{graph.Outputs[0].Name}' ends in sigmoids, so it does not hold {head}; use --head probability to pick the highest, else --head value.");
        }

        OutputRole role = head switch { "scores" => OutputRole.Score, "value" => OutputRole.Value, _ => OutputRole.Probability };
        if (head == Heads[0])
        {
            AddHead(graph, isStreamed);
        }

        graph.Metadata = graph.Metadata with { OutputRoles = [role], Head = role == OutputRole.Probability ? OutputHead.Of(graph, graph.Outputs[0]) : DecisionHead.None, Notes = notes, Threshold = graph.Metadata.Threshold ?? Threshold(graph, [role]) };
    }

    // Of two classes with a value each the first wins where both are equal, as in every framework's argmax.
    private static float? Threshold(Graph graph, IReadOnlyList<OutputRole> roles) => roles switch
    {
        [OutputRole.Score] => graph.Outputs[0].Elements == 2 ? LabelRule.AboveZero : 0f,
        [OutputRole.Probability] when graph.Outputs[0].Elements == 2 && LabelRule.TieError(graph) is > 0f and float error => LabelRule.AboveHalf + error,
        _ => null,
    };

    private static DecisionHead Head(Graph graph, List<OutputRole> roles) =>
        roles.IndexOf(OutputRole.Probability) is >= 0 and int decides ? OutputHead.Of(graph, graph.Outputs[decides]) : DecisionHead.None;

    /// <summary>Whether a tensor holds probabilities, if one choice is made among them.</summary>
    internal static bool AreProbabilities(Graph graph, Value value) => Role(graph, value, Producers(graph), true) == OutputRole.Probability;

    private static bool IsOfProbabilities(Graph graph) => AreProbabilities(graph, graph.Outputs[0]);

    private static Dictionary<Value, Node> Producers(Graph graph)
    {
        Dictionary<Value, Node> producers = [];
        foreach (Node node in graph.Nodes)
        {
            foreach (Value output in node.Outputs)
            {
                producers[output] = node;
            }
        }

        return producers;
    }

    private static void AddHead(Graph graph, bool isStreamed)
    {
        Value logits = graph.Outputs[0];
        if (logits.Type is TensorType.Int8 or TensorType.Int16)
        {
            var real = new Value(logits.Name + ".dequantize", TensorType.Float32, logits.Shape);
            graph.Nodes.Add(new Node(Opcode.Dequantize, real.Name, [logits], real));
            logits = real;
        }

        if (!isStreamed && logits.LastDimension < logits.Elements && !SeveralResults.HasAxes(logits))
        {
            // A softmax runs along the last axis, and the classes are along another one.
            var flat = new Value(logits.Name + ".flat", TensorType.Float32, [1, logits.Elements]);
            graph.Nodes.Add(new Node(Opcode.Reshape, flat.Name, [logits], flat));
            logits = flat;
        }

        var result = new Value(graph.Outputs[0].Name + ".probability", TensorType.Float32, logits.Shape);
        graph.Nodes.Add((isStreamed ? logits.LastDimension : logits.Elements) == 1
            ? new Node(Opcode.Activation, result.Name, [logits], result).WithActivation(ActivationRule.Kind, ActivationKind.Sigmoid)
            : new Node(Opcode.Softmax, result.Name, [logits], result).With(SoftmaxRule.Beta, 1f));
        graph.Outputs[0] = result;
    }

    // Several sigmoids are probabilities of classes only where something takes them for one choice: a division by their sum, a
    // classifier that names its classes. Else any number of them may hold, and `together` says whether that counts.
    private static OutputRole Role(Graph graph, Value value, Dictionary<Value, Node> producers, bool together)
    {
        bool integers = false;
        while (producers.TryGetValue(value, out Node? node))
        {
            OutputRole Passed(bool choice) => Role(graph, node.Input(0).IsConstant ? node.Input(1) : node.Input(0), producers, choice) == OutputRole.Probability ? OutputRole.Probability : OutputRole.Unknown;

            if (graph.Hints.TryGetValue(value, out OutputHint? hint) && hint.Loss is null)
            {
                if (hint.Same is not { } same)
                {
                    return hint.Head == DecisionHead.Sigmoid ? OfSigmoids(graph, value, together) : hint.Role;
                }

                value = same;
                continue;
            }

            switch (node.Opcode)
            {
                case Opcode.Reshape or Opcode.Transpose or Opcode.Expand or Opcode.Quantize or Opcode.Dequantize:
                    value = node.Input(0);
                    continue;
                case Opcode.Unary when IsRounding(node) || node.Parameters[UnaryRule.Kind] == (int)UnaryKind.Not:
                    return Role(graph, node.Input(0), producers, together) == OutputRole.Label ? OutputRole.Label : integers ? OutputRole.Label : OutputRole.Unknown;
                case Opcode.Softmax or Opcode.PairwiseCoupling:
                    return OutputRole.Probability;
                case Opcode.LogSoftmax:
                    return OutputRole.Logit;
                case Opcode.Activation when OutputHead.IsSigmoid(node.Parameters[ActivationRule.Kind]):
                case Opcode.Dense or Opcode.Conv when value.Type == TensorType.Float32 && OutputHead.IsSigmoid(node.Parameters[DenseRule.Activation]):
                    return OfSigmoids(graph, value, together);
                case Opcode.ArgReduce:
                    return OutputRole.Label;
                case Opcode.Binary when (BinaryKind)node.Parameters[BinaryRule.Kind] is BinaryKind.Less or BinaryKind.LessOrEqual or BinaryKind.Equal:
                    return OutputRole.Label;
                case Opcode.Unary when (UnaryKind)node.Parameters[UnaryRule.Kind] == UnaryKind.Clip && node.Float(UnaryRule.Alpha) < Half && node.Float(UnaryRule.Beta) > Half:
                case Opcode.Binary when (BinaryKind)node.Parameters[BinaryRule.Kind] == BinaryKind.Max && Constants(node)?.All(bound => bound < Half) == true:
                case Opcode.Binary when (BinaryKind)node.Parameters[BinaryRule.Kind] == BinaryKind.Min && Constants(node)?.All(bound => bound > Half) == true:
                    return Passed(together);
                case Opcode.Add when Position(node) is { } position && Role(graph, position, producers, together) == OutputRole.Label:
                case Opcode.Dense when producers.GetValueOrDefault(node.Input(0)) is { Opcode: Opcode.Binary } same && (BinaryKind)same.Parameters[BinaryRule.Kind] == BinaryKind.Equal:
                    return OutputRole.Label;
                case Opcode.Gather when node.Input(0).IsConstant:
                    value = node.Input(1);
                    integers = true;
                    continue;
                case Opcode.Sub when node.Input(0) is { IsConstant: true, Elements: 1, Data: float[] and [1f] } && !node.Input(1).IsConstant:
                    return Passed(together);
                case Opcode.Mul when node.Input(1) is { IsConstant: true, Elements: 1, Data: float[] and [-1f] }:
                case Opcode.Unary when node.Parameters[UnaryRule.Kind] == (int)UnaryKind.Neg:
                    // With the other sign a score is still one, and a probability is none.
                    return Role(graph, node.Input(0), producers, together) is (OutputRole.Score or OutputRole.Value) and OutputRole turned ? turned : OutputRole.Unknown;
                case Opcode.Div when !node.Input(0).IsConstant && !node.Input(1).IsConstant:
                    // Probabilities over their sum, as a Normalizer writes them.
                    return Passed(true);
                case Opcode.Concat when node.Inputs.All(input => input is not null && Role(graph, input, producers, together) == OutputRole.Probability) && (together || IsComplement(node, producers)):
                    return OutputRole.Probability;
                default:
                    return integers ? OutputRole.Label : node.Opcode is Opcode.Dense or Opcode.TreeEnsemble or Opcode.Concat or Opcode.Add ? Classical(graph, node, value, producers) : OutputRole.Unknown;
            }
        }

        return OutputRole.Unknown;
    }

    private static OutputRole OfSigmoids(Graph graph, Value value, bool together) =>
        value.Elements == 1 || together || graph.Metadata.Batch > 1 || NamesClasses(graph) ? OutputRole.Probability : OutputRole.Unknown;

    // 1 − p beside p.
    private static bool IsComplement(Node concat, Dictionary<Value, Node> producers)
    {
        Value Source(Value value)
        {
            while (producers.TryGetValue(value, out Node? node) && node.Opcode == Opcode.Reshape)
            {
                value = node.Input(0);
            }

            return value;
        }

        bool IsOneLess(Value value, Value other) => producers.TryGetValue(Source(value), out Node? node)
            && node.Opcode == Opcode.Sub && node.Input(0) is { IsConstant: true, Data: float[] and [1f] } && Source(node.Input(1)) == Source(other);
        return concat.Inputs is [{ } first, { } second] && (IsOneLess(first, second) || IsOneLess(second, first));
    }

    private static float[]? Constants(Node node) => (node.Input(0).IsConstant ? node.Input(0) : node.Input(1)).Data as float[];

    private static bool NamesClasses(Graph graph) => graph.SourceOperators.ContainsKey("LinearClassifier") || graph.SourceOperators.ContainsKey("TreeEnsembleClassifier") || graph.SourceOperators.ContainsKey("SVMClassifier");

    // Nodes of ai.onnx.ml say by their name what they give. The leaves of a forest hold shares of votes, those of boosted trees
    // margins of both signs.
    private static OutputRole Classical(Graph graph, Node last, Value value, Dictionary<Value, Node> producers)
    {
        bool Has(string name) => graph.SourceOperators.ContainsKey(name);
        return Has("TreeEnsembleClassifier") ? (LeavesAreShares(graph, last) ? OutputRole.Probability : OutputRole.Unknown)

            // Of two scores the second decides from 0 on, which is the highest only where the first is its negative.
            : Has("LinearClassifier") ? (value.Elements != 2 || IsNegative(value, producers) ? OutputRole.Score : OutputRole.Unknown)

            // Of more than two classes there is a value for each pair of them, and the highest is not a class.
            : Has("SVMClassifier") ? (graph.Metadata.Labels.Count == 2 ? OutputRole.Score : OutputRole.Value)
            : Has("LinearRegressor") || Has("TreeEnsembleRegressor") || Has("SVMRegressor") ? OutputRole.Value
            : OutputRole.Unknown;
    }

    private static string Holds(OutputRole role, Value output) => role switch
    {
        OutputRole.Logit => $"holds logits and a {(output.Elements == 1 ? "sigmoid" : "softmax")} follows",
        OutputRole.Score => "holds a score that decides by its sign",
        _ => "holds values and decides nothing",
    };

    private static bool IsNegative(Value value, Dictionary<Value, Node> producers) =>
        producers.TryGetValue(value, out Node? node) && node.Opcode == Opcode.Concat && node.Inputs is [{ } first, { } second]
        && producers.TryGetValue(first, out Node? negative) && negative.Opcode == Opcode.Unary && (UnaryKind)negative.Parameters[UnaryRule.Kind] == UnaryKind.Neg && negative.Input(0) == second;

    // Another ensemble of the graph may give the leaf itself, or its path.
    private static bool LeavesAreShares(Graph graph, Node last) =>
        (last.Opcode == Opcode.TreeEnsemble ? [last] : graph.Nodes.Where(node => node.Opcode == Opcode.TreeEnsemble)).All(node => Forest.Of(node).Weights.All(weight => weight is >= 0f and <= 1f));

    /// <summary>Whether a node makes integers of numbers, as a Cast does.</summary>
    internal static bool IsRounding(Node node) => node.Opcode == Opcode.Unary && (UnaryKind)node.Parameters[UnaryRule.Kind] is UnaryKind.Truncate or UnaryKind.Floor or UnaryKind.Round;

    /// <summary>What is counted from another number than 0, as ML.NET's classes are from 1; null if a node does something else.</summary>
    internal static Value? Position(Node node) => node.Opcode != Opcode.Add ? null
        : node.Input(1) is { IsConstant: true, Elements: 1, Data: float[] and [1f] } ? node.Input(0)
        : node.Input(0) is { IsConstant: true, Elements: 1, Data: float[] and [1f] } ? node.Input(1) : null;
}
