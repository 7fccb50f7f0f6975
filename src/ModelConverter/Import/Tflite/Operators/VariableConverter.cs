using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>VAR_HANDLE, READ_VARIABLE, ASSIGN_VARIABLE, and CALL_ONCE with a subgraph that gives variables their first values.</summary>
internal static class VariableConverter
{
    internal static void Handle(TfliteNodeContext source) => source.Owner.Variables.Handle(source.OutputIndex(0), source.Text(1));

    internal static void Read(TfliteNodeContext source)
    {
        Value like = source.OutputLike(0);
        source.Fold(source.Owner.Variables.Read(source.InputIndex(0), like, source.Owner.Graph));
    }

    internal static void Assign(TfliteNodeContext source) =>
        source.Owner.Variables.Assign(source.InputIndex(0), source.Input(1), source.Owner.Graph);

    internal static void CallOnce(TfliteNodeContext source)
    {
        int index = source.Int(0);
        TfliteFile file = source.Owner.File;
        if (index < 1 || index >= file.Subgraphs.Length)
        {
            throw TfliteNodeContext.Unsupported($"calls subgraph {index} but the file has {file.Subgraphs.Length}");
        }

        TfliteSubgraph subgraph = file.Subgraphs[index];
        var constants = new TfliteConstants(file);
        var names = new Dictionary<int, string>();
        foreach (TfliteOperator one in subgraph.Operators)
        {
            if (one.Code == TfliteOperatorCode.VAR_HANDLE && one.Outputs.Length == 1)
            {
                names[one.Outputs[0]] = one.Options?.Text(1) ?? "";
            }
            else if (one.Code == TfliteOperatorCode.ASSIGN_VARIABLE && one.Inputs.Length == 2
                && Array.TrueForAll(one.Inputs, input => input >= 0) && names.TryGetValue(one.Inputs[0], out string? name))
            {
                source.Owner.Variables.Initialize(name, constants.Read(subgraph.Tensors[one.Inputs[1]]));
            }
            else
            {
                throw TfliteNodeContext.Unsupported($"has an initial value that is not a constant: {one}");
            }
        }
    }
}
