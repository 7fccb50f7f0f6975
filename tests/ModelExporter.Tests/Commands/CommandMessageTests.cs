using System.Text.Json;
using EdgeInference.ModelFormat;
using EdgeInference.Tool.Commands;
using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>Sentences with numbers and names in them, each word for word, and what a command says although it goes on.</summary>
public sealed class CommandMessageTests(OptionBench bench) : IClassFixture<OptionBench>
{
    [Theory]
    [InlineData("--window must be 1 or more and --hop from 1 to --window; they are 50 and 51.", "--window", "50", "--hop", "51")]
    [InlineData("--window must be 1 or more and --hop from 1 to --window; they are 0 and 0.", "--window", "0")]
    [InlineData("--window must be 1 or more and --hop from 1 to --window; they are 0 and 4.", "--hop", "4")]
    [InlineData("--sample-period -0.5 is not a time above 0; give seconds, for example 0.02.", "--sample-period=-0.5")]
    [InlineData("--units names 5 units but the model has 4 features; give one for each, with nothing between two commas for no unit.", "--units", "m,s,,g,")]
    [InlineData("The loss '101%' is not a share; write for example 0.5% or 0.005.", "--precision", "auto", "--max-loss", "101%")]
    [InlineData("The hidden sizes '8;4' are not integers separated by commas; write for example 16,8.", "--hidden", "8;4")]
    [InlineData("Unknown activation 'rellu'; did you mean 'relu'?", "--activation", "rellu")]
    public void Train_says_what_is_wrong_with_a_value(string sentence, params string[] options)
    {
        string path = bench.New();
        string[] command = ["train", bench.Train, "--label", "y", "-o", path, "--epochs", "1", "-q", .. options];

        // How many units there are to be is the table's.
        string error = (options[0] == "--units" ? OptionBench.Refused(command) : OptionBench.Misused(command)).TrimEnd();
        Assert.Equal(sentence, error, ignoreCase: sentence.StartsWith("Unknown activation", StringComparison.Ordinal));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_word_that_is_near_to_no_activation_gets_the_list()
    {
        string error = OptionBench.Misused("train", bench.Train, "--label", "y", "-o", bench.New(), "--activation", "zzzzzzzz").TrimEnd();
        Assert.StartsWith("Unknown activation 'zzzzzzzz'; choose one of ", error, StringComparison.Ordinal);
        Assert.Equal(EdgeInference.ModelConverter.Activations.ActivationFunctions.All.Count, error.Split(',').Length);
    }

    [Theory]
    [InlineData("Quantization needs typical inputs; give a CSV or .npy with --calibrate.", "--precision", "auto")]
    [InlineData("Quantization needs typical inputs; give a CSV or .npy with --calibrate.", "--precision", "int16")]
    [InlineData("--labels has 3 texts but the model has 2 classes; give one for each, class 0 first.", "--labels", "a,b,c")]
    [InlineData("--labels has 1 texts but the model has 2 classes; give one for each, class 0 first.", "--labels", "a")]
    [InlineData("The text of class 1 is empty; give each class a text with --classes.", "--labels", "a,")]
    [InlineData("Two classes have the text 'a'; give each class a unique text with --classes.", "--labels", "a,a")]
    [InlineData("--features names 3 values but the model takes 4; give each a unique name.", "--features", "p,q,r")]
    [InlineData("--features names 3 values but the model takes 4; give each a unique name.", "--features", "p,q,,r")]
    public void Export_says_what_is_wrong_with_a_value(string sentence, params string[] options)
    {
        string path = bench.New();
        string[] source = options[0] == "--features" ? [Import("dead_unsupported.onnx"), "--head", "value"] : [bench.Net];
        Assert.Equal(sentence, OptionBench.Refused(["export", .. source, "-o", path, .. options]).TrimEnd());
        Assert.False(File.Exists(path));
    }

    // Rows that are tuned on are read as those of calibration are.
    [Fact]
    public void Rows_to_tune_on_may_have_no_header()
    {
        string bare = bench.Write("bare-tuning.csv", string.Join('\n', File.ReadAllLines(bench.Test).Skip(1)) + "\n");
        string path = bench.New();
        string other = bench.New();
        OptionBench.Done("export", bench.Net, "-o", path, "--no-header", "--data", bare, "--label", "5", "--threshold", "auto");
        OptionBench.Done("export", bench.Net, "-o", other, "--data", bench.Test, "--label", "y", "--threshold", "auto");
        Assert.Equal(OptionBench.Contract(File.ReadAllBytes(other)).Decision.Threshold, OptionBench.Contract(File.ReadAllBytes(path)).Decision.Threshold);
        Assert.NotEqual(0.5f, OptionBench.Contract(File.ReadAllBytes(path)).Decision.Threshold);
        Assert.Contains("--no-header", OptionBench.Refused("export", bench.Net, "-o", bench.New(), "--data", bare, "--label", "5", "--threshold", "auto"), StringComparison.Ordinal);

        // Without a header there are no names to take over.
        OptionBench.Done("export", bench.Net, "-o", path, "--no-header", "-c", bare, "--label", "5");
        Assert.Empty(OptionBench.Contract(File.ReadAllBytes(path)).Metadata.TextList(MetadataKey.InputNames));
    }

    [Fact]
    public void A_name_from_a_file_does_not_write_to_the_terminal_as_it_likes()
    {
        string csv = bench.Write("escape.csv", "a,b,c,d,x\u001b[31m\n1,2,3,4,5\n");
        (int exitCode, _, string error) = OptionBench.Run("run", bench.Model, "-i", csv);
        Assert.Equal(0, exitCode);
        Assert.Contains("x?[31m", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', error);
    }

    [Fact]
    public void Several_columns_that_float32_does_not_hold_are_named_together()
    {
        string csv = bench.Write("coarse.csv", "a,p,q,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => FormattableString.Invariant($"{i % 7},{1e7 + (i % 5)},{-2e7 + (2 * (i % 3))},{i % 2}\n"))));
        (int exitCode, _, string error) = OptionBench.Run("train", csv, "--label", "y", "-o", bench.New(), "--epochs", "1", "-q");
        Assert.Equal(0, exitCode);
        Assert.Contains("'p', 'q' vary by little more than the precision of float32, so the variation is lost; subtract a constant from the column in the data.", error, StringComparison.Ordinal);
    }

    // The file is checked against what the trainer has in double precision: one output for two classes, one each for more.
    [Fact]
    public void A_trained_model_is_checked_against_its_trainer()
    {
        string three = bench.Write("three.csv", "a,b,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 7},{i % 5},{i % 3}\n")));
        foreach ((string csv, string precision) in new[] { (bench.Train, "float32"), (three, "float32"), (bench.Train, "int8"), (three, "int8") })
        {
            JsonElement check = OptionBench.Json("train", csv, "--label", "y", "-o", bench.New(), "--epochs", "3", "-q", "--precision", precision).GetProperty("check");
            Assert.Equal(("float64", "training", 32), (check.GetProperty("reference").GetString(), check.GetProperty("rows_are").GetString(), check.GetProperty("rows").GetInt32()));
            Assert.InRange(check.GetProperty("float32_deviation").GetDouble(), 1e-12, 1e-5);
            Assert.Equal(precision == "int8", check.TryGetProperty("quantized_deviation", out _));
        }

        JsonElement exported = OptionBench.Json("export", bench.Net, "-o", bench.New(), "-c", bench.Train, "--label", "y").GetProperty("check");
        Assert.Equal(("float64", "calibration"), (exported.GetProperty("reference").GetString(), exported.GetProperty("rows_are").GetString()));
    }

    [Fact]
    public void Frames_below_1_leave_the_length_open() =>
        Assert.Contains("--dim time=SIZE", OptionBench.Refused("export", Import("gru_dynamic_time.onnx"), "-o", bench.New(), "--streaming", "--frames", "0"), StringComparison.Ordinal);

    [Fact]
    public void A_failed_command_says_nothing_of_the_one_before()
    {
        // The state of JSON and of what was said belongs to one command alone.
        OptionBench.Done("inspect", bench.Model, "--json");
        string text = OptionBench.Done("train", bench.Train, "--label", "y", "-o", bench.New(), "--epochs", "1", "-q");
        Assert.StartsWith("Wrote ", text, StringComparison.Ordinal);
        Assert.Equal(EdgeCommand.UsageFault, OptionBench.Run("train", bench.Train, "--label", "y", "-o", "-", "--json").ExitCode);
        Assert.StartsWith("Wrote ", OptionBench.Done("train", bench.Train, "--label", "y", "-o", bench.New(), "--epochs", "1", "-q"), StringComparison.Ordinal);
    }

    private static string Import(string name) => Path.Combine(AppContext.BaseDirectory, "TestData", "import", name);
}
