namespace EdgeInference.ModelConverter.Import.Onnx;

/// <summary>A NodeProto: one operator of the source model.</summary>
internal sealed class OnnxNode
{
    internal string Name { get; set; } = "";

    internal string OpType { get; set; } = "";

    internal string Domain { get; set; } = "";

    internal string Overload { get; set; } = "";

    /// <summary>Names of the inputs, an empty one for an optional input that is absent.</summary>
    internal List<string> Inputs { get; } = [];

    internal List<string> Outputs { get; } = [];

    internal List<OnnxAttribute> Attributes { get; } = [];

    /// <summary>The same node with a list of outputs of its own.</summary>
    internal OnnxNode Copy()
    {
        var copy = new OnnxNode { Name = Name, OpType = OpType, Domain = Domain, Overload = Overload };
        copy.Inputs.AddRange(Inputs);
        copy.Outputs.AddRange(Outputs);
        copy.Attributes.AddRange(Attributes);
        return copy;
    }

    /// <summary>What a message calls the node: its name, else the name of its first output.</summary>
    internal string Title => Name.Length > 0 ? Name : Outputs.FirstOrDefault(output => output.Length > 0) ?? "(unnamed)";
}
