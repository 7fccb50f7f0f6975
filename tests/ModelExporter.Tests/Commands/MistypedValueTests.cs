using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>Values of options that no file can make right: one sentence without a word of .NET, exit code 2, nothing written.</summary>
public sealed class MistypedValueTests(OptionBench bench) : IClassFixture<OptionBench>
{
    [Theory]
    [InlineData("--epochs needs a whole number, not 'abc'.", "train", "--epochs", "abc")]
    [InlineData("--epochs needs a whole number, not '1.5'.", "train", "--epochs", "1.5")]
    [InlineData("--epochs needs a whole number from -2147483648 to 2147483647, not '99999999999'.", "train", "--epochs", "99999999999")]
    [InlineData("--seed needs a whole number from 0 to 18446744073709551615, not '-1'.", "train", "--seed", "-1")]
    [InlineData("--window needs a whole number, not 'wide'.", "train", "--window", "wide")]
    [InlineData("--learning-rate needs a number, not '1e'.", "train", "--learning-rate", "1e")]
    [InlineData("--l2 needs a number, not 'little'.", "train", "--l2", "little")]
    public void A_word_in_the_place_of_a_number_is_told_what_is_expected(string sentence, string command, params string[] options) =>
        Assert.Equal(sentence, OptionBench.Misused([command, bench.Train, "--label", "y", .. options]).TrimEnd());

    [Fact]
    public void A_threshold_is_refused_with_the_same_code_wherever_it_is_given()
    {
        Assert.Equal("--threshold needs a number, not 'abc'.", OptionBench.Misused("evaluate", bench.Model, "--data", bench.Test, "--label", "y", "--threshold", "abc").TrimEnd());
        Assert.Equal("--threshold 1.5 is not a probability; give a number from 0 to 1.", OptionBench.Misused("evaluate", bench.Model, "--data", bench.Test, "--label", "y", "--threshold", "1.5").TrimEnd());
        foreach (string wrong in (string[])["1.5", "Auto", "abc"])
        {
            string path = bench.New();
            Assert.Equal($"The threshold '{wrong}' is neither a number from 0 to 1 nor auto.", OptionBench.Misused("train", bench.Train, "--label", "y", "-o", path, "--epochs", "1", "-q", "--threshold", wrong).TrimEnd());
            Assert.Equal($"The threshold '{wrong}' is neither a number from 0 to 1 nor auto.", OptionBench.Misused("export", bench.Net, "-o", path, "--threshold", wrong).TrimEnd());
            Assert.False(File.Exists(path));
        }
    }

    [Fact]
    public void Emit_without_a_place_is_a_fault_of_the_line() =>
        Assert.Equal("Option '--output' is required; write -o and a .cs file, --project and a folder, or --engine and a folder.", OptionBench.Misused("emit", bench.Model).TrimEnd());

    [Theory]
    [InlineData(".onnx", ", and --onnx PATH for the float model as ONNX")]
    [InlineData(".ONNX", ", and --onnx PATH for the float model as ONNX")]
    [InlineData(".tflite", "")]
    [InlineData(".keras", "")]
    [InlineData(".h5", "")]
    public void An_output_by_the_name_of_another_format_is_refused(string extension, string train)
    {
        string path = bench.InFolder("other" + extension);
        string Sentence(string command, string end = "") => $"--output '{path}' is named as another format, {extension}, but 'edge {command}' writes .edge files; write -o other.edge{end.Replace("PATH", path, StringComparison.Ordinal)}.";
        Assert.Equal(Sentence("train", train), OptionBench.Misused("train", bench.Train, "--label", "y", "-o", path).TrimEnd());
        Assert.Equal(Sentence("export"), OptionBench.Misused("export", bench.Net, "-o", path).TrimEnd());
        Assert.Equal(Sentence("sign"), OptionBench.Misused("sign", bench.Model, "--key", "none.pem", "--model-version", "1", "-o", path).TrimEnd());
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_label_of_an_array_is_refused()
    {
        string array = bench.InFolder("rows.npy");
        OptionBench.Done("run", bench.Model, "--input", bench.Test, "--label", "y", "-o", array);
        Assert.Equal($"--label y names a column of a CSV, and '{array}' is a .npy array, which has no names; omit --label and give an array of the features alone.", OptionBench.Misused("run", bench.Model, "--input", array, "--label", "y").TrimEnd());
    }

    [Fact]
    public void A_demo_that_cannot_write_its_folder_ends_before_its_work()
    {
        string file = bench.Write("no-folder", "x");
        string folder = Path.Combine(file, "demo");
        (int exitCode, string text, string error) = OptionBench.Run("demo", "-o", folder);
        Assert.Equal((1, ""), (exitCode, text));
        Assert.StartsWith($"--output '{folder}' cannot be made a folder: ", error, StringComparison.Ordinal);
        Assert.EndsWith("; give a folder that you may write to.", error.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Split_takes_the_name_of_a_CSV_for_its_stem()
    {
        string name = bench.InFolder("stem");
        Assert.Contains($"Wrote {name}.train.csv:", OptionBench.Done("split", bench.Train, "-o", name + ".csv"), StringComparison.Ordinal);
        Assert.True(File.Exists(name + ".test.csv"));
        Assert.Empty(Directory.GetFiles(bench.InFolder("."), "stem.csv*"));
    }
}
