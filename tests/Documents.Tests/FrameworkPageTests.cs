using System.Globalization;

namespace Documents.Tests;

/// <summary>The pages for what a reader has, held to the framework's own <c>predict()</c>: TestData/generate_pages.py wrote it down for those that are not here.</summary>
public sealed class FrameworkPageTests
{
    private const string KerasFile = "tests/Documents.Tests/TestData/digits.keras";
    private const string TfliteFile = "tests/Documents.Tests/TestData/digits.tflite";
    private const string ScikitFile = "tests/ModelExporter.Tests/TestData/contract/sklearn_logreg_label_and_probabilities.onnx";

    [Theory]
    [InlineData("keras.md", "531 of the 540", 531, "--precision int8 --calibrate data/digits.train.csv --label digit", "532 in int8", 532)]
    [InlineData("scikit-learn.md", "169 of the 171", 169, "--precision int8 --calibrate data/breast_cancer.train.csv --label benign", "169 of 171", 169)]
    [InlineData("tflite.md", "531 of 540", 531, null, null, 0)]
    public async Task A_page_says_what_its_model_decides_and_so_does_the_framework(string page, string sentence, int right, string? quantizing, string? quantized, int quantizedRight)
    {
        (string file, string data, string label, string predicted) = page switch
        {
            "keras.md" => (KerasFile, "digits", "digit", "digits.keras.predict.txt"),
            "scikit-learn.md" => (ScikitFile, "breast_cancer", "benign", "scikit-learn.predict.txt"),
            _ => (TfliteFile, "digits", "digit", "digits.tflite.predict.txt"),
        };
        string document = "docs/how-do-i/" + page;
        Assert.Contains(sentence, CodeBlock.Text(document), StringComparison.Ordinal);
        Assert.Contains(quantized ?? "", CodeBlock.Text(document), StringComparison.Ordinal);
        string model = "model" + Path.GetExtension(file);
        string code = $"""
            cp '{Path.Combine(CodeBlock.Root(), file)}' {model}
            edge export {model} -o model.edge
            edge run model.edge --input data/{data}.test.csv --label {label} -o decided.csv
            tail -n +2 decided.csv | cut -d, -f1 | diff - '{Path.Combine(CodeBlock.Root(), "tests/Documents.Tests/TestData", predicted)}'
            edge evaluate model.edge --data data/{data}.test.csv --label {label} | grep 'accuracy  *{Accuracy(right, data)}'

            """;
        if (quantizing is not null)
        {
            code += $"""
                edge export {model} -o quantized.edge {quantizing}
                edge evaluate quantized.edge --data data/{data}.test.csv --label {label} | grep 'accuracy  *{Accuracy(quantizedRight, data)}'

                """;
        }

        await ShellBlockTests.RunBlocks(document, [Shell(document, code)]);
    }

    [Theory]
    [InlineData("pytorch.md", "python", """
        held_out, _ = rows("data/breast_cancer.test.csv")
        with open("predicted.txt", "w") as file:
            file.writelines(f"{int(p > 0.5)}\n" for p in net(held_out).detach().flatten().tolist())

        """)]
    [InlineData("ml-net.md", "csharp", """
        file.Close();
        IDataView heldOut = ml.Data.LoadFromTextFile("data/breast_cancer.test.csv", new TextLoader.Options
        {
            HasHeader = true,
            Separators = [','],
            Columns = [new("Features", DataKind.Single, 0, 29), new("Label", DataKind.Boolean, 30)],
        });
        File.WriteAllLines("predicted.txt", model.Transform(heldOut).GetColumn<bool>("PredictedLabel").Select(label => label ? "1" : "0"));

        """)]
    public async Task A_model_decides_as_the_framework_that_trained_it_here(string page, string language, string predict)
    {
        string document = "docs/how-do-i/" + page;
        CodeBlock train = CodeBlock.Of(document).First(block => block.Language == language);
        await ShellBlockTests.RunBlocks(document, [
            train with { Document = document.Replace(".md", ".predict.md", StringComparison.Ordinal), Code = train.Code + predict },
            Shell(document, """
                edge export tumour.onnx -o tumour.edge
                edge run tumour.edge --input data/breast_cancer.test.csv --label benign -o decided.csv
                test $(wc -l < predicted.txt) = 171
                tail -n +2 decided.csv | cut -d, -f1 | diff - predicted.txt

                """),
        ]);
    }

    private static CodeBlock Shell(string document, string code) => new(document, 1, "sh", code.ReplaceLineEndings("\n"), "", null, [], "", IsProgram: false, IsPrinted: false);

    // As evaluate prints it.
    private static string Accuracy(int right, string data) => ((double)right / (data == "digits" ? 540 : 171)).ToString("0.0000", CultureInfo.InvariantCulture);
}
