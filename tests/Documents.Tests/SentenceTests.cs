using System.Collections.Concurrent;
using System.Device.Gpio;
using EdgeInference.Devices;

namespace Documents.Tests;

/// <summary>The sentences under "What can go wrong" are those that the command says.</summary>
public sealed class SentenceTests
{
    private const string NotFitting = "has 30 feature columns but the model takes 64; remove columns, or name the label column with --label.";
    private const string NeedsRows = "Quantization needs typical inputs; give a CSV or .npy with --calibrate.";
    private const string NoColumn = "has no column 'bening'; did you mean 'benign'?";
    private const string NotFound = "File 'tumor.onnx' not found; check the path.";
    private const string Tumour = "cp data/breast_cancer_mlp.onnx tumour.onnx; edge export tumour.onnx --precision int8";
    private const string Misspelt = "edge train data/breast_cancer.train.csv --label bening";
    private const string Misnamed = "edge export tumor.onnx";

    private static readonly ConcurrentDictionary<string, string> ran = new();

    [Theory]
    [InlineData("tflite.md", "'digits.tflite' is not a TensorFlow Lite model: 'TFL3' is missing at byte 4.", "printf x > digits.tflite; edge export digits.tflite")]
    [InlineData("tflite.md", "'digits.tflite' is damaged: byte 52 refers to data outside the file; copy or convert it again.", "head -c 1000 FILES/digits.tflite > digits.tflite; edge export digits.tflite")]
    [InlineData("tflite.md", NeedsRows, "edge export FILES/digits.tflite -o digits.edge --precision int8")]
    [InlineData("tflite.md", "columns are taken by position, since the model has no names for its inputs.", "edge export FILES/digits.tflite -o digits.edge; edge evaluate digits.edge --data data/digits.test.csv --label digit")]
    [InlineData("tflite.md", NotFitting, "edge export FILES/digits.tflite -o digits.edge; edge evaluate digits.edge --data data/breast_cancer.test.csv --label benign")]
    [InlineData("tflite.md", "--labels has 2 texts but the model has 10 classes; give one for each, class 0 first.", "edge export FILES/digits.tflite -o digits.edge --labels zero,one")]
    [InlineData("keras.md", "File 'digits.h5' not found; check the path.", "edge export digits.h5")]
    [InlineData("keras.md", NeedsRows, "edge export FILES/digits.keras -o digits.edge --precision int8")]
    [InlineData("keras.md", NotFitting, "edge export FILES/digits.keras -o digits.edge; edge evaluate digits.edge --data data/breast_cancer.test.csv --label benign")]
    [InlineData("pytorch.md", NeedsRows, Tumour)]
    [InlineData("scikit-learn.md", NeedsRows, Tumour)]
    [InlineData("ml-net.md", NeedsRows, Tumour)]
    [InlineData("pytorch.md", NoColumn, Misspelt)]
    [InlineData("scikit-learn.md", NoColumn, Misspelt)]
    [InlineData("ml-net.md", NoColumn, Misspelt)]
    [InlineData("pytorch.md", NotFound, Misnamed)]
    [InlineData("scikit-learn.md", NotFound, Misnamed)]
    [InlineData("ml-net.md", NotFound, Misnamed)]
    [InlineData("csv.md", NoColumn, Misspelt)]
    [InlineData("csv.md", "'1,234' may be 1.234 or 1234; say which with --decimal comma or --decimal point.", "printf 'a;b\\n1,234;0\\n2,345;1\\n' > rows.csv; edge train rows.csv --label b")]
    [InlineData("csv.md", "has a header line but no rows; add data.", "printf 'a,b\\n' > rows.csv; edge train rows.csv --label b")]
    public async Task A_sentence_on_a_page_is_what_the_command_says(string page, string sentence, string command)
    {
        string document = "docs/how-do-i/" + page;
        Assert.Contains($"| `{sentence}` |", CodeBlock.Text(document), StringComparison.Ordinal);
        string files = Path.Combine(CodeBlock.Root(), "tests", "Documents.Tests", "TestData");
        string code = $"{{ {command.Replace("FILES", $"'{files}'", StringComparison.Ordinal)} 2>&1 || true; }}\n";

        // What several pages say is run once: it does not depend on the page.
        if (!ran.TryGetValue(command, out string? said))
        {
            said = await ShellBlockTests.RunBlocks(document, [new CodeBlock(document, 1, "sh", code, "", null, [], "", IsProgram: false, IsPrinted: false)]);
            ran[command] = said;
        }

        Assert.Contains(sentence, said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pin_names_the_nearest_class_as_its_page_says()
    {
        using var gpio = new GpioController(new SimulatedGpioDriver(_ => { }));
        using var pin = new PinOutput(gpio, 18, "jammed");
        Assert.Contains($"| `{pin.Refusal(["blocked", "running"], 2)}` |", CodeBlock.Text("docs/how-do-i/sensor.md"), StringComparison.Ordinal);
    }
}
