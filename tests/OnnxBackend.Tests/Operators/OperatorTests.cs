using EdgeInference.ModelConverter.Import.Onnx;

namespace OnnxBackend.Tests.Operators;

/// <summary>
/// Every operator that the importer knows against ONNX Runtime, on models that are made here: attributes are left out one by one,
/// so that each default is held, in the operator sets where it changed. Unoptimised on the reference kernels, optimised on the fast ones.
/// </summary>
public class OperatorTests(ITestOutputHelper log)
{
    private static readonly Lazy<ILookup<string, OperatorCase>> cases = new(() => OperatorCases.All().ToLookup(test => test.Operator));

    // Its inputs are no numbers; TextInputTests holds it against ONNX Runtime.
    private const string OfText = "ai.onnx.ml.CategoryMapper";

    public static TheoryData<string> Operators => [.. OnnxOperators.Rows.Select(Name).Distinct().Where(name => name != OfText)];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Every_case_equals_OnnxRuntime(string name)
    {
        OperatorCase[] own = [.. cases.Value[name]];
        Assert.True(own.Length > 0, $"The importer knows {name}, and no case holds it against ONNX Runtime; add some to OperatorCases.");
        string[] faults = [.. own.Select(test => (test.Name, Problem: OperatorRun.Check(test))).Where(result => result.Problem.Length > 0).Select(result => $"{result.Problem} <- {result.Name}")];
        log.WriteLine($"{name}: {own.Length} cases");
        Assert.True(faults.Length == 0, $"{faults.Length} of {own.Length}:{Environment.NewLine}{string.Join(Environment.NewLine, faults)}");
        Assert.Contains(own, test => test.Refusal is null);
    }

    [Fact]
    public void Every_case_is_of_an_operator_that_the_importer_knows()
    {
        HashSet<string> known = [.. OnnxOperators.Rows.Select(Name)];
        Assert.DoesNotContain(cases.Value, group => !known.Contains(group.Key));
    }

    private static string Name(OnnxOperatorRow row) => row.Domain.Length == 0 ? row.OpType : $"{row.Domain}.{row.OpType}";
}
