using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>What people type before they know the tool: the answer says what they gave and what to do.</summary>
[Collection(ProcessTests.Name)]
public sealed class StrangerMistakeTests(OptionBench bench) : IClassFixture<OptionBench>
{
    [Theory]
    [InlineData("run", "-i", "x.csv")]
    [InlineData("inspect")]
    [InlineData("export")]
    [InlineData("evaluate", "--data", "x.csv", "--label", "y")]
    public void A_folder_in_the_place_of_a_model_is_called_a_folder(string command, params string[] options)
    {
        string folder = Directory.CreateDirectory(bench.InFolder("a folder")).FullName;
        Assert.Equal($"'{folder}' is a folder; name a file.", OptionBench.Refused([command, folder, .. options]).TrimEnd());
    }

    [Fact]
    public void A_SavedModel_is_called_one()
    {
        string folder = Directory.CreateDirectory(bench.InFolder("saved")).FullName;
        File.WriteAllBytes(Path.Combine(folder, "saved_model.pb"), [1]);
        Assert.Contains("is a SavedModel of TensorFlow; convert the model with tf.lite.TFLiteConverter", OptionBench.Refused("export", folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "--input")]
    [InlineData("inspect")]
    [InlineData("export")]
    [InlineData("bench")]
    [InlineData("emit", "-o")]
    public void Rows_in_the_place_of_a_model_are_called_rows(string command, params string[] options) =>
        Assert.Equal(
            $"'{bench.Test}' holds rows and is no model; a model comes first and its rows behind an option, and 'edge train' makes a model of a CSV.",
            OptionBench.Refused([command, bench.Test, .. options, .. options.Length > 0 ? [bench.Model] : Array.Empty<string>()]).TrimEnd());

    [Theory]
    [InlineData("m.pt", "export the model from PyTorch with torch.onnx.export and give that .onnx ('edge help how-do-i/pytorch')")]
    [InlineData("m.PTH", "export the model from PyTorch with torch.onnx.export and give that .onnx ('edge help how-do-i/pytorch')")]
    [InlineData("m.joblib", "convert the model in Python with skl2onnx and give that .onnx ('edge help how-do-i/scikit-learn')")]
    [InlineData("m.pb", "convert the model with tf.lite.TFLiteConverter and give that .tflite ('edge help tflite')")]
    [InlineData("m.zip", "save an ML.NET model with ConvertToOnnx and give that .onnx ('edge help how-do-i/ml-net'), or unpack an archive")]
    public void A_model_of_another_form_is_refused_with_the_way_from_it(string name, string mend)
    {
        string path = bench.Write(name, "x");
        Assert.Equal($"'{path}' has the extension '{Path.GetExtension(name)}', which cannot be imported; {mend}.", OptionBench.Refused("export", path).TrimEnd());
        string topic = mend.Split("'edge help ")[1].Split('\'')[0];
        Assert.NotEmpty(OptionBench.Done("help", topic));
    }

    // The file by the name that would be written stands in the current folder, and is not what is wrong.
    [Fact]
    public void Export_looks_at_its_input_before_it_looks_for_a_free_name()
    {
        string before = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(Directory.CreateDirectory(bench.InFolder("taken")).FullName);
        try
        {
            File.WriteAllText("taken.edge", "x");
            File.WriteAllText("taken.pb", "x");
            Assert.Equal("'taken.edge' is already exported; give the trained model that it came from.", OptionBench.Refused("export", "taken.edge").TrimEnd());
            Assert.Equal("File 'taken.onnx' not found; check the path.", OptionBench.Refused("export", "taken.onnx").TrimEnd());
            Assert.Contains("has the extension '.pb'", OptionBench.Refused("export", "taken.pb"), StringComparison.Ordinal);
            Assert.Equal("File 'taken.csv' not found; check the path.", OptionBench.Refused("train", "taken.csv", "--label", "y").TrimEnd());
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }
    }

    [Theory]
    [InlineData("'edge train' has no option '--optimiser'; did you mean '--optimizer'?", "train", "--optimiser", "adam", "d.csv", "--label", "y")]
    [InlineData("'edge inspect' has no option '--jsn'; did you mean '--json'?", "inspect", "--jsn")]
    [InlineData("'edge demo' has no option '--fast'; see 'edge demo --help'.", "demo", "--fast")]
    [InlineData("'edge' has no command 'version'; did you mean '--version'?", "version")]
    public void A_wrong_option_is_not_taken_for_a_file(string sentence, params string[] line)
    {
        (int exitCode, string text, string error) = OptionBench.Run(line);
        Assert.Equal((2, "", sentence), (exitCode, text, error.TrimEnd()));
    }

    [Fact]
    public void A_file_whose_name_begins_with_a_dash_can_be_named()
    {
        (int exitCode, _, string error) = OptionBench.Run("inspect", "--", "--no-such.edge");
        Assert.Equal((1, "File '--no-such.edge' not found; check the path."), (exitCode, error.TrimEnd()));
    }

    [Fact]
    public void Who_names_no_label_is_told_the_columns()
    {
        Assert.Equal("'edge train' needs --label; the columns are a, b, c, d, y; see 'edge train --help'.", OptionBench.Run("train", bench.Train).Error.TrimEnd());
        Assert.Equal("'edge evaluate' needs --label; the columns are a, b, c, d, y; see 'edge evaluate --help'.", OptionBench.Run("evaluate", bench.Model, "--data", bench.Test).Error.TrimEnd());
        string wide = bench.Write("wide.csv", string.Join(',', Enumerable.Range(1, 12).Select(i => $"c{i}")) + "\n" + string.Join(',', Enumerable.Range(1, 12)) + "\n");
        Assert.Equal("'edge train' needs --label; the columns are c1, c2, c3, c4, c5, c6, c7, …, c12; see 'edge train --help'.", OptionBench.Run("train", wide).Error.TrimEnd());
        Assert.Equal("'edge train' needs --label; see 'edge train --help'.", OptionBench.Run("train", bench.InFolder("none.csv")).Error.TrimEnd());
    }

    [Theory]
    [InlineData("[{\"a\": 1, \"y\": 0}]", "JSON; write its rows as CSV and give that")]
    [InlineData("[\n  [1, 2]\n]\n", "JSON; write its rows as CSV and give that")]
    [InlineData("{\"a\": 1}\n{\"a\": 2}\n", "JSON; write its rows as CSV and give that")]
    [InlineData("@relation iris\n@attribute a numeric\n", "an ARFF file; write it as CSV and give that")]
    [InlineData("\n<!DOCTYPE html>\n<html></html>\n", "a web page; download the file that the page shows")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "a pointer of Git LFS; fetch the file with 'git lfs pull'")]
    public void Text_that_is_no_table_is_refused_by_what_it_is(string text, string what)
    {
        string path = bench.Write("other.csv", text);
        Assert.Equal($"'{path}' is {what}.", OptionBench.Refused("train", path, "--label", "y", "-o", bench.New()).TrimEnd());
        Assert.Equal($"'{path}' is {what}.", OptionBench.Refused("run", bench.Model, "--input", path).TrimEnd());
    }

    // A header may begin with these letters.
    [Theory]
    [InlineData("[a]")]
    [InlineData("{a}")]
    [InlineData("@a")]
    public void A_header_with_brackets_is_a_header(string name)
    {
        string path = bench.Write("brackets.csv", name + File.ReadAllText(bench.Test)[1..]);
        Assert.Contains($"has no column 'nowhere'; its columns are {name}, b, c, d, y", OptionBench.Refused("train", path, "--label", "nowhere", "-o", bench.New()), StringComparison.Ordinal);
    }
}
