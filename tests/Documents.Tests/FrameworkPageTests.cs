using System.Diagnostics;
using System.Text.Json;
using EdgeInference.Tool.Commands;

namespace Documents.Tests;

/// <summary>The numbers on the pages for frameworks: what their models decide on held-out rows, as evaluate counts it.</summary>
public sealed class FrameworkPageTests
{
    // In float32 the numbers are the framework's own predict(): generate.py prints it for Keras, the README of the shared cases for scikit-learn.
    [Theory]
    [InlineData("keras.md", "tests/Documents.Tests/TestData/digits.keras", "digits", "digit", "float32", "531 of the 540", 531, 540)]
    [InlineData("keras.md", "tests/Documents.Tests/TestData/digits.keras", "digits", "digit", "int8", "532 in int8", 532, 540)]
    [InlineData("scikit-learn.md", "tests/ModelExporter.Tests/TestData/contract/sklearn_logreg_label_and_probabilities.onnx", "breast_cancer", "benign", "float32", "169 of the 171", 169, 171)]
    [InlineData("scikit-learn.md", "tests/ModelExporter.Tests/TestData/contract/sklearn_logreg_label_and_probabilities.onnx", "breast_cancer", "benign", "int8", "169 of the 171", 169, 171)]
    public async Task A_page_says_what_its_model_decides(string page, string model, string data, string label, string precision, string sentence, int right, int rows)
    {
        Assert.Contains(sentence, CodeBlock.Text("docs/how-do-i/" + page), StringComparison.Ordinal);
        string edge = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".edge");
        try
        {
            await Edge(["export", model, "-o", edge, "--precision", precision, .. precision == "float32" ? Array.Empty<string>() : ["--calibrate", $"data/{data}.train.csv", "--label", label]]);
            using var json = JsonDocument.Parse(await Edge(["evaluate", edge, "--data", $"data/{data}.test.csv", "--label", label, "--json"]));
            Assert.Equal((double)right / rows, json.RootElement.GetProperty("accuracy").GetDouble(), 6);
        }
        finally
        {
            File.Delete(edge);
        }
    }

    private static async Task<string> Edge(string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [typeof(EdgeCommand).Assembly.Location, .. arguments]) { WorkingDirectory = CodeBlock.Root(), RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await error);
        return output;
    }
}
