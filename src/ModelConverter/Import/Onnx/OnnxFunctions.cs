namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>Replaces calls of functions that the model itself defines, as some exporters write them, by their nodes.</summary>
internal static class OnnxFunctions
{
    private const int MaxDepth = 32;
    private const int MaxNodes = 1 << 16;

    /// <summary>Inlines all calls in the graph, and calls within what was inlined.</summary>
    internal static void Inline(OnnxModel model, string path)
    {
        if (model.Functions.Count == 0)
        {
            return;
        }

        var functions = new Dictionary<(string, string, string), OnnxFunction>();
        foreach (OnnxFunction function in model.Functions)
        {
            functions[(function.Domain, function.Name, function.Overload)] = function;
        }

        int nodes = 0;
        Inline(model.Graph, functions, path, [], ref nodes);
    }

    private static void Inline(OnnxGraph graph, Dictionary<(string, string, string), OnnxFunction> functions, string path, HashSet<string> prefixes, ref int nodes)
    {
        for (int depth = 0; ; depth++)
        {
            OnnxNode[] before = [.. graph.Nodes];
            graph.Nodes.Clear();
            bool changed = false;
            foreach (OnnxNode node in before)
            {
                if (functions.TryGetValue((node.Domain, node.OpType, node.Overload), out OnnxFunction? function))
                {
                    graph.Nodes.AddRange(Body(function, node, path, prefixes));
                    nodes += function.Nodes.Count;
                    changed = true;
                }
                else
                {
                    graph.Nodes.Add(node);
                }

                if (nodes > MaxNodes || depth > MaxDepth)
                {
                    throw new InputException($"'{path}': the function '{node.OpType}' expands without end; export the model again.");
                }
            }

            if (!changed)
            {
                break;
            }
        }

        // Branches call functions too; messages nest no deeper than the parser lets them.
        foreach (OnnxGraph inner in graph.Nodes.SelectMany(node => node.Attributes).Select(attribute => attribute.Graph).OfType<OnnxGraph>().ToArray())
        {
            Inline(inner, functions, path, prefixes, ref nodes);
        }
    }

    private static OnnxNode[] Body(OnnxFunction function, OnnxNode call, string path, HashSet<string> prefixes)
    {
        if (call.Inputs.Count > function.Inputs.Count || call.Outputs.Count > function.Outputs.Count)
        {
            throw OnnxNodeContext.Fault(path, call, "passes more tensors than its function takes");
        }

        // A call within a function may write the function's own output, and both have names of their own inside.
        string prefix = call.Outputs.FirstOrDefault(output => output.Length > 0) + "/";
        while (!prefixes.Add(prefix))
        {
            prefix += "/";
        }

        var names = new Dictionary<string, string>(StringComparer.Ordinal) { [""] = "" };
        for (int i = 0; i < function.Inputs.Count; i++)
        {
            names[function.Inputs[i]] = i < call.Inputs.Count ? call.Inputs[i] : "";
        }

        for (int i = 0; i < call.Outputs.Count; i++)
        {
            names[function.Outputs[i]] = call.Outputs[i];
        }

        var renaming = new OnnxRenaming(prefix, Rename);
        return [.. function.Nodes.Select(node => renaming.Copy(node, attribute => Resolve(attribute, function, call)))];

        string Rename(string name)
        {
            if (!names.TryGetValue(name, out string? renamed))
            {
                renamed = prefix + name;
                names.Add(name, renamed);
            }

            return renamed;
        }
    }

    // An attribute that refers to one which the call does not set, and which has no default, is absent.
    private static OnnxAttribute? Resolve(OnnxAttribute attribute, OnnxFunction function, OnnxNode call)
    {
        if (attribute.Reference.Length == 0)
        {
            return attribute;
        }

        OnnxAttribute? source = call.Attributes.Find(candidate => candidate.Name == attribute.Reference)
            ?? function.Defaults.Find(candidate => candidate.Name == attribute.Reference);
        if (source is null)
        {
            return null;
        }

        var copy = new OnnxAttribute
        {
            Name = attribute.Name,
            Kind = source.Kind,
            Float = source.Float,
            Int = source.Int,
            Text = source.Text,
            Tensor = source.Tensor,
            Graph = source.Graph,
            Reference = source.Reference,
        };
        copy.Floats.AddRange(source.Floats);
        copy.Ints.AddRange(source.Ints);
        copy.Texts.AddRange(source.Texts);
        return copy;
    }
}
