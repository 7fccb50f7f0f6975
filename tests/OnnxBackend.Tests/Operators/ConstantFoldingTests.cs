using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Operators;

/// <summary>
/// An operator whose inputs are all constants is computed at import: what it gives there is what ONNX Runtime gives, and no node is left of it.
/// The cases are those of the operators, with their inputs made constants.
/// </summary>
public class ConstantFoldingTests(ITestOutputHelper log)
{
    // A weight's own operators take their input as it comes; a table of constants is no model's.
    private const int MostElements = 512;

    // Of an operator that has more, they are taken evenly.
    private const int MostCases = 60;

    public static TheoryData<string> Operators => [.. cases.Value.Select(group => group.Key)];

    private static readonly Lazy<ILookup<string, OperatorCase>> cases = new(() => OperatorCases.All().Where(IsOne).ToLookup(test => test.Operator));

    [Theory]
    [MemberData(nameof(Operators))]
    public void Every_case_of_constants_equals_OnnxRuntime(string name)
    {
        OperatorCase[] all = [.. cases.Value[name]];
        int step = (all.Length + MostCases - 1) / MostCases;
        OperatorCase[] own = [.. all.Where((_, i) => i % step == 0).Select(OfConstants)];
        (string Name, string Problem)[] results = [.. own.Select(test => (test.Name, OperatorRun.Check(test) is { Length: > 0 } problem ? problem : Left(test)))];
        string[] faults = [.. results.Where(result => result.Problem.Length > 0).Select(result => $"{result.Problem} <- {result.Name}")];
        log.WriteLine($"{name}: {own.Length} cases");
        Assert.True(faults.Length == 0, $"{faults.Length} of {own.Length}:{Environment.NewLine}{string.Join(Environment.NewLine, faults)}");
    }

    private static string Left(OperatorCase test)
    {
        Graph graph = OnnxImporter.Import(test.Write(), "m.onnx");
        return graph.Nodes.All(node => node.Inputs.Any(input => input is { IsConstant: false })) && graph.Nodes.Count <= 1 ? "" : $"{graph.Nodes.Count} nodes are left: {string.Join(' ', graph.Nodes.Select(node => node.Opcode))}";
    }

    private static bool IsOne(OperatorCase test) => test.Refusal is null && test.Expected is null && test.Peer is null && test.More.Length == 0
        && test.Results.Length == 1 && test.Inputs.Any(input => !input.IsConstant) && test.Inputs.All(input => Count(input.Shape) <= MostElements);

    // The result times a 1 that is the model's input.
    private static OperatorCase OfConstants(OperatorCase test)
    {
        string result = test.Results[0];

        // Integers that are real numbers now still are of steps of 1, which a case counts where its step is another.
        CaseTensor[] inputs = [.. test.Inputs.Select(input => input with { IsConstant = true }), In([1.0], 1)];
        return test with
        {
            Inputs = inputs, OwnInputs = Math.Min(test.OwnInputs, test.Inputs.Length), GraphOutputs = ["times"], OutputTypes = null, Step = test.Steps > 0 && test.Step == 1 ? 1 + 1e-9 : test.Step, Note = test.Note + " of constants",
            More = [("Cast", [result], ["real"], [A("to", 1)]), ("Mul", ["real", OperatorCase.InputName(test.Inputs.Length)], ["times"], [])],
        };
    }
}
