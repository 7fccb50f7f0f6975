using System.Globalization;
using System.Text.Json;

namespace EdgeInference.Tool.Tests.Decisions;

/// <summary>Classifiers of PyTorch as its exporter writes them, held to PyTorch's own argmax, or to a probability above one half.</summary>
public sealed class PyTorchTests : IDisposable
{
    private static readonly Dictionary<string, (DecisionCase Item, string? Head)> All = Read();

    private readonly DecisionCheck check = new();

    public static TheoryData<string> Names => [.. All.Keys];

    public static TheoryData<string> BareNames => [.. All.Where(item => item.Value.Head is not null).Select(item => item.Key)];

    public void Dispose() => check.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_row_is_decided_as_PyTorch_does(string name) =>
        check.Check(All[name].Item with { Options = All[name].Head is { } head ? ["--head", head] : [] });

    [Theory]
    [MemberData(nameof(BareNames))]
    public void Logits_decide_nothing_until_the_head_is_given(string name) => check.CheckRefused(All[name].Item, "--head logits");

    private static Dictionary<string, (DecisionCase, string?)> Read()
    {
        string folder = Path.Combine(DecisionData.Folder, "torch");
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        return json.RootElement.EnumerateArray().ToDictionary(item => item.GetProperty("name").GetString()!, item =>
        {
            string name = item.GetProperty("name").GetString()!;
            string data = item.GetProperty("data").GetString() == "iris" ? DecisionData.Iris : DecisionData.BreastOriginal;
            var found = new DecisionCase(
                name,
                Path.Combine(folder, name + ".onnx"),
                DecisionData.Features(data),
                DecisionData.Rows(data),
                [.. item.GetProperty("predicted").EnumerateArray().Select(label => label.GetInt32().ToString(CultureInfo.InvariantCulture))])
            {
                Values = [.. item.GetProperty("values").EnumerateArray().Select(value => value.GetSingle())],
            };
            return (found, item.GetProperty("head").GetString());
        });
    }
}
