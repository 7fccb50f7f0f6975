using EdgeInference.ModelConverter.Import.Onnx;

namespace OnnxBackend.Tests;

/// <summary>
/// The ONNX standard's own backend test cases (onnx.backend.test), read from the folder in EDGE_ONNX_TESTS or from
/// ../shared/onnx-backend-tests beside the checkout. Nothing of them is part of this repository.
/// </summary>
public class BackendTests(ITestOutputHelper log)
{
    private const string Variable = "EDGE_ONNX_TESTS";

    private static readonly Lazy<BackendCase[]> cases = new(() => ReadAll(FindRoot()!));

    public static TheoryData<string> Operators =>
        [.. OnnxOperators.Rows.Select(row => row.Domain.Length == 0 ? row.OpType : $"{row.Domain}.{row.OpType}").Append("expanded")];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Every_case_passes(string name)
    {
        Assert.SkipWhen(FindRoot() is null, $"There are no test cases: set {Variable}, or put them into ../shared/onnx-backend-tests beside the checkout.");
        int passed = 0;
        var faults = new List<string>();
        foreach (BackendCase test in cases.Value.Where(test => test.Operator == name && test.IsListed))
        {
            (Outcome outcome, string detail) = test.Run();
            bool known = BackendExclusions.Find(test.Name) is not null;
            if (outcome == Outcome.Passed)
            {
                passed++;
            }
            else if (outcome == Outcome.Failed || !known)
            {
                faults.Add($"{outcome} {test.Name}: {detail}");
            }
            else
            {
                log.WriteLine($"not run {test.Name}: {BackendExclusions.Find(test.Name)}");
            }
        }

        log.WriteLine($"{name}: {passed} passed");
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    private static string? FindRoot()
    {
        string? named = Environment.GetEnvironmentVariable(Variable);
        if (named is not null)
        {
            return Directory.Exists(named) ? named : throw new DirectoryNotFoundException($"{Variable} names '{named}', which does not exist.");
        }

        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "EdgeInference.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        string beside = Path.Combine(folder ?? "", "..", "shared", "onnx-backend-tests");
        return Directory.Exists(beside) ? beside : null;
    }

    private static BackendCase[] ReadAll(string root) =>
    [
        .. Directory.GetFiles(root, "model.onnx", SearchOption.AllDirectories)
            .Select(file => Path.GetDirectoryName(file)!)
            .Where(folder => Directory.GetDirectories(folder, "test_data_set_*").Length > 0)
            .Order(StringComparer.Ordinal)
            .Select(folder => new BackendCase(folder)),
    ];
}
