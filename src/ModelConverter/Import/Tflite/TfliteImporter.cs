using System.Security.Cryptography;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>
/// Imports TensorFlow Lite models: float32, fully quantized int8 and int16, and float32 with integer weights, which are
/// dequantized. docs/tflite.md lists the operators.
/// </summary>
internal static class TfliteImporter
{
    /// <summary>Imports a model.</summary>
    /// <param name="path">The <c>.tflite</c> file.</param>
    /// <returns>A graph with the model's own scales: where it is quantized, it gives what TensorFlow Lite's reference kernels give, byte for byte.</returns>
    /// <exception cref="InputException">The file cannot be read, is damaged, or uses operators that are not supported, all of which the message names.</exception>
    public static Graph Import(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read: {exception.Message}", exception);
        }

        return Import(bytes, path);
    }

    /// <summary>Imports a model from memory; <paramref name="path"/> is for messages and the model's name.</summary>
    internal static Graph Import(byte[] bytes, string path)
    {
        var file = new TfliteFile(bytes, path);
        var graph = new Graph();
        try
        {
            Convert(file, graph);
        }
        catch (UnsupportedOperatorException exception)
        {
            throw file.File.Wrong($"cannot be imported: {exception.Message:own}");
        }

        (string[] labels, string? note) = graph.Outputs is [{ } output] ? TfliteLabels.Read(file, bytes, output.Elements) : ([], null);
        graph.Metadata = new GraphMetadata
        {
            Name = Path.GetFileNameWithoutExtension(path),
            Labels = labels,
            Notes = note is null ? [] : [note],
            Precision = graph.CommonPrecision(),
            SourceHash = SHA256.HashData(bytes),
        };
        return graph;
    }

    private static void Convert(TfliteFile file, Graph graph)
    {
        TfliteSubgraph subgraph = file.Subgraphs[0];
        var conversion = new TfliteConversion(file, subgraph, graph);
        var problems = new List<string>();
        foreach (TfliteOperator source in subgraph.Operators)
        {
            if (TfliteOperators.Find(source.Code) is not { } convert)
            {
                problems.Add($"{source} is not supported");
                DefineOutputs(conversion, source);
                continue;
            }

            // A refusal ends its operator and not the look at the others: all are named at once.
            try
            {
                convert(new TfliteNodeContext(conversion, source));
                Hint(conversion, source, graph);
            }
            catch (UnsupportedOperatorException exception)
            {
                problems.Add($"{source} {exception.Message}");
                DefineOutputs(conversion, source);
            }
        }

        if (problems.Count > 0)
        {
            throw file.File.Wrong($"cannot be imported: {string.Join("; ", problems):own}; 'edge help tflite' lists what is supported");
        }

        graph.SourceOperators = new SortedDictionary<string, int>(subgraph.Operators.CountBy(source => source.Code.ToString()).ToDictionary(), StringComparer.Ordinal);
        conversion.Finish();
    }

    // In fixed point LOGISTIC, and QUANTIZE from one scale to another, are tables like any other.
    private static void Hint(TfliteConversion conversion, TfliteOperator source, Graph graph)
    {
        if (source.Code is TfliteOperatorCode.LOGISTIC or TfliteOperatorCode.SOFTMAX)
        {
            graph.Hints[conversion.Read(source.Outputs[0])] = new OutputHint(OutputRole.Probability, Head: source.Code == TfliteOperatorCode.LOGISTIC ? DecisionHead.Sigmoid : DecisionHead.Softmax);
        }
        else if (source.Code == TfliteOperatorCode.QUANTIZE && conversion.Read(source.Inputs[0]) is var from && conversion.Read(source.Outputs[0]) is var to && from != to)
        {
            graph.Hints[to] = new OutputHint(OutputRole.Unknown, Same: from);
        }
    }

    // Later operators read what this one would have written; without it they would be reported too.
    private static void DefineOutputs(TfliteConversion conversion, TfliteOperator source)
    {
        foreach (int output in source.Outputs)
        {
            conversion.Placeholder(output);
        }
    }
}
