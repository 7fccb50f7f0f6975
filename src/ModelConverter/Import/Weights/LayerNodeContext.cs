using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;

namespace EdgeInference.ModelConverter.Import.Weights;

/// <summary>One layer on its way into a graph.</summary>
/// <param name="Scope">The graph and the tensors by name.</param>
/// <param name="Settings">What the layer file says.</param>
/// <param name="File">The weights.</param>
/// <param name="Id">What the layer is called.</param>
/// <param name="Type">Its type as written.</param>
/// <param name="Prefix">What its tensors' names begin with, before the dot.</param>
/// <param name="Inputs">What it reads.</param>
internal sealed record LayerNodeContext(OnnxScope Scope, LayerSettings Settings, WeightFile File, string Id, string Type, string Prefix, Value[] Inputs)
{
    private int parts;

    internal GraphBuilder Builder => Scope.Builder;

    internal Value Input => Inputs[0];

    /// <summary>A tensor of the layer that must be there.</summary>
    /// <param name="role">The end of its name, and the setting that names another: weight, bias.</param>
    /// <param name="shape">The shape it must have, −1 for any size.</param>
    internal Value Weight(string role, params int[] shape) => WeightOrNull(role, shape) ?? throw Missing(Prefix + "." + role);

    /// <summary>A tensor of the layer; null if the file has none of the name, or the setting is false.</summary>
    internal Value? WeightOrNull(string role, params int[] shape)
    {
        bool off = Settings.Find(role) is { ValueKind: System.Text.Json.JsonValueKind.False };
        string? own = off ? null : Settings.Text(role);
        string name = own ?? $"{Prefix}.{role}";
        if (off || (own is null && !File.Contains(name)))
        {
            return null;
        }

        if (!File.Contains(name))
        {
            throw Missing(name);
        }

        (int[] actual, float[] data) = File.Read(name);
        if (actual.Length != shape.Length || shape.Where((size, i) => actual[i] < 1 || (size >= 0 && size != actual[i])).Any())
        {
            string wanted = string.Join(", ", shape.Select(size => size < 0 ? "?" : $"{size}"));
            throw new InputException($"'{File.Path}': tensor '{name}' has the shape {GraphBuilder.Text(actual)}; layer '{Id}' ({Type}) needs [{wanted}].");
        }

        return Value.Constant(name, data, actual);
    }

    /// <summary>Applies an ONNX operator, whose conventions PyTorch's layers share.</summary>
    internal Value[] Onnx(string type, int outputs, Value?[] inputs, params (string Name, object? Setting)[] attributes)
    {
        var node = new OnnxNode { Name = Id, OpType = type };
        node.Inputs.AddRange(inputs.Select(Define));
        node.Outputs.AddRange(Enumerable.Range(0, outputs).Select(_ => NewName()));
        foreach ((string name, object? setting) in attributes)
        {
            if (setting is not null)
            {
                node.Attributes.Add(Attribute(name, setting));
            }
        }

        OnnxImporter.Convert([node], Scope);
        return [.. node.Outputs.Select(output => Scope.TryFind(output, out OnnxOperand operand) ? operand.Value : throw Settings.Fault($"does not produce '{output}'"))];
    }

    internal InputException Missing(string name)
    {
        string near = Suggestion.Nearest(name, File.Names);
        string[] alike = [.. File.Names.Where(other => Prefix.Length > 0 && other.StartsWith(Prefix + ".", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Take(5)];
        string hint = near.Length > 0 ? $"did you mean '{near}'?"
            : alike.Length > 0 ? $"for '{Prefix}' it has {string.Join(", ", alike)}."
            : $"it has {string.Join(", ", File.Names.Order(StringComparer.Ordinal).Take(8))}{(File.Names.Count > 8 ? ", ..." : "")}.";
        return new InputException($"'{File.Path}' has no tensor '{name}' for layer '{Id}' ({Type}); {hint}");
    }

    private static OnnxAttribute Attribute(string name, object setting)
    {
        var attribute = new OnnxAttribute { Name = name };
        switch (setting)
        {
            case int number:
                attribute.Kind = OnnxAttributeKind.Int;
                attribute.Int = number;
                break;
            case bool flag:
                attribute.Kind = OnnxAttributeKind.Int;
                attribute.Int = flag ? 1 : 0;
                break;
            case float number:
                attribute.Kind = OnnxAttributeKind.Float;
                attribute.Float = number;
                break;
            case string text:
                attribute.Kind = OnnxAttributeKind.Text;
                attribute.Text = System.Text.Encoding.UTF8.GetBytes(text);
                break;
            case int[] numbers:
                attribute.Kind = OnnxAttributeKind.Ints;
                attribute.Ints.AddRange(numbers.Select(number => (long)number));
                break;
            case string[] texts:
                attribute.Kind = OnnxAttributeKind.Texts;
                attribute.Texts.AddRange(texts);
                break;
            default:
                throw new ArgumentException($"has the setting '{name}' of an unknown kind", nameof(setting));
        }

        return attribute;
    }

    private string Define(Value? value)
    {
        if (value is null)
        {
            return "";
        }

        string name = NewName();
        Scope.Define(name, new OnnxOperand(value, OnnxElementType.Float32));
        return name;
    }

    // A stroke is in no id, so that no other tensor has the name.
    private string NewName() => $"{Id}/{parts++}";
}
