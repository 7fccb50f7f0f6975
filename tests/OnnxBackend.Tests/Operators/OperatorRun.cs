using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.Runtime;

namespace OnnxBackend.Tests.Operators;

/// <summary>Holds what the engine makes of a case against what ONNX Runtime makes of it.</summary>
internal static class OperatorRun
{
    /// <summary>What is wrong, or an empty text.</summary>
    internal static string Check(OperatorCase test)
    {
        try
        {
            return Check(test, Oracle(test));
        }
        catch (Microsoft.ML.OnnxRuntime.OnnxRuntimeException exception)
        {
            return $"ONNX Runtime: {exception.Message}";
        }
    }

    /// <summary>What must come.</summary>
    internal static OnnxRuntimePeer.Result[] Oracle(OperatorCase test) =>
        test.Refusal is not null ? []
        : test.Expected is not null ? [new OnnxRuntimePeer.Result(false, [], test.Expected)]
        : OnnxRuntimePeer.Run((test.Peer ?? test).Write(), test.Peer ?? test);

    /// <summary>What is wrong where this must come, or an empty text.</summary>
    internal static string Check(OperatorCase test, OnnxRuntimePeer.Result[] expected)
    {
        byte[] model = test.Write();
        if (test.Refusal is { } sentence)
        {
            return Refused(test, model, sentence);
        }

        foreach ((bool optimize, KernelSet kernels) in new[] { (false, KernelSet.Reference), (true, KernelSet.Fast) })
        {
            try
            {
                if (Run(test, model, expected, optimize, kernels) is { Length: > 0 } problem)
                {
                    return $"{kernels}: {problem}";
                }
            }
            catch (InputException exception)
            {
                return $"refused: {exception.Message}";
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                return $"{kernels}: {exception}";
            }
        }

        return "";
    }

    private static string Refused(OperatorCase test, byte[] model, string sentence)
    {
        try
        {
            _ = Import(test, model);
            return "was imported, and is listed as refused";
        }
        catch (InputException exception)
        {
            return exception.Message.Contains(sentence, StringComparison.Ordinal) ? "" : $"is refused by: {exception.Message}";
        }
    }

    private static Graph Import(OperatorCase test, byte[] model) => OnnxImporter.Import(model, "case.onnx");

    private static string Run(OperatorCase test, byte[] model, OnnxRuntimePeer.Result[] expected, bool optimize, KernelSet kernels)
    {
        Graph graph = Import(test, model);
        graph = optimize ? GraphOptimizer.Optimize(graph) : graph;
        float[] given = [.. graph.Inputs.SelectMany(input => Given(test, input.Name))];
        using EdgeModel engine = EdgeModel.Load(ModelWriter.Write(graph));
        using Session session = engine.CreateSession(kernels);
        var results = new float[session.OutputLength];
        session.Run(given, results);
        if (graph.Outputs.Count != expected.Length)
        {
            return $"has {graph.Outputs.Count} outputs, and {expected.Length} belong there";
        }

        int offset = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            Value output = graph.Outputs[i];
            if (test.Expected is null && !expected[i].Shape.SequenceEqual(output.Shape))
            {
                return $"output {i} has the shape [{string.Join(", ", output.Shape)}] where [{string.Join(", ", expected[i].Shape)}] belongs";
            }

            if (Compare(test, expected[i], results.AsSpan(offset, output.Elements)) is { Length: > 0 } problem)
            {
                return $"output {i}: {problem}";
            }

            offset += output.Elements;
        }

        return "";
    }

    private static IEnumerable<float> Given(OperatorCase test, string name) => test.Inputs[int.Parse(name.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)].Values.Select(value => (float)value);

    private static string Compare(OperatorCase test, OnnxRuntimePeer.Result expected, ReadOnlySpan<float> actual)
    {
        if (expected.Values.Length != actual.Length)
        {
            return $"has {actual.Length} elements where {expected.Values.Length} belong";
        }

        double largest = expected.Values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        int off = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            double difference = Math.Abs(actual[i] - expected.Values[i]);
            bool counts = test.Steps > 0 && (expected.IsExact || test.Step != 1);
            if (counts && difference > test.Step / 2 && difference <= test.Steps * test.Step * 1.001 && ++off <= Math.Max(1, actual.Length / 5))
            {
                continue;
            }

            float wanted = (float)expected.Values[i];
            bool same = wanted.Equals(actual[i]) || (!expected.IsExact && Math.Abs(expected.Values[i] - actual[i]) <= (test.Tolerance * largest) + 1e-9);
            if (!same)
            {
                return $"element {i} is {actual[i]:R} where {expected.Values[i]:R} belongs";
            }
        }

        return "";
    }
}
