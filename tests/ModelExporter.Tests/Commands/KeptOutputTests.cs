using System.Text.Json;
using EdgeInference.Tool.Commands;
using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>A command that fails leaves what was at its outputs; one that is done says so where a program does not read.</summary>
public sealed class KeptOutputTests(OptionBench bench) : IClassFixture<OptionBench>
{
    [Theory]
    [InlineData("train train.csv --label x -o OUT")]
    [InlineData("train train.csv --label y -o OUT --hidden 0")]
    [InlineData("train train.csv --label y -o OUT --units m -q --epochs 1")]
    [InlineData("train train.csv --label y -o OUT --precision auto --calibration-method MinMax --max-loss 7 -q --epochs 1")]
    [InlineData("train train.csv --label y -o new.edge --onnx OUT --hop 3 -q --epochs 1")]
    [InlineData("train train.csv --label y -o new.edge --history OUT --learning-rate 1e300 --optimizer Sgd -q")]
    [InlineData("export train.csv -o OUT")]
    [InlineData("export net.onnx -o OUT --precision int8")]
    [InlineData("export net.onnx -o OUT --window 0")]
    [InlineData("export net.onnx -o OUT --labels a,a")]
    [InlineData("run net.edge -i absent.csv -o OUT")]
    [InlineData("run net.edge -i net.onnx -o OUT")]
    [InlineData("run net.edge -i test.csv --label y -o OUT --sequence -1")]
    [InlineData("sign net.edge --key train.csv --model-version 3 -o OUT")]
    [InlineData("emit net.edge -o OUT --class 1")]
    [InlineData("emit net.edge -o OUT --counts-scale 0")]
    [InlineData("report net.edge --data test.csv --label x -o OUT")]
    [InlineData("report net.edge --data test.csv --label y -o OUT --history test.csv")]
    public void An_output_of_a_command_that_fails_stays(string line)
    {
        string path = bench.Write("kept.cs", "what was there");
        int files = Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!).Length;
        (int exitCode, _, string error) = OptionBench.Run([.. line.Split(' ').Select(word => word == "OUT" ? path : word.Contains('.', StringComparison.Ordinal) && char.IsAsciiLetter(word[0]) ? bench.InFolder(word) : word)]);
        Assert.True(exitCode is EdgeCommand.InputFault or EdgeCommand.UsageFault, error);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Equal("what was there", File.ReadAllText(path));
        Assert.Equal(files, Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!).Length);
    }

    // What a person reads is on standard output, and on standard error where a program reads that.
    [Theory]
    [InlineData("train train.csv --label y -o OUT.edge --epochs 2 --precision auto --calibration-method MinMax", "epoch    2 of 2", "of the calibration rows change their decision", "Wrote", "Checked against")]
    [InlineData("export net.onnx -o OUT.edge -c train.csv --label y --precision auto", "of the calibration rows change their decision")]
    [InlineData("train train.csv --label y -o OUT.edge --epochs 2 -q --threshold auto --data test.csv", "tuned for youden on 90 rows")]
    [InlineData("export net.onnx -o OUT.edge --label y --abstain-below 0.95 --data test.csv", "No decision from")]
    [InlineData("emit net.edge -o OUT.cs", "About")]
    public void Notes_leave_standard_output_to_JSON(string line, params string[] notes)
    {
        string[] args = [.. line.Split(' ').Select(word => word.StartsWith("OUT", StringComparison.Ordinal) ? bench.InFolder("notes" + word[3..]) : word.Contains('.', StringComparison.Ordinal) && char.IsAsciiLetter(word[0]) ? bench.InFolder(word) : word)];
        (int exitCode, string text, string error) = OptionBench.Run(args);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.All(notes, note => Assert.Contains(note, text, StringComparison.Ordinal));
        (exitCode, string json, error) = OptionBench.Run([.. args, "--json"]);
        Assert.Equal(0, exitCode);
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
        Assert.All(notes.Where(note => note is not ("Wrote" or "Checked against")), note => Assert.Contains(note, error, StringComparison.Ordinal));
        Assert.DoesNotContain("Wrote " + bench.InFolder("notes.edge"), error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sentence_is_said_once_a_command()
    {
        string index = bench.Write("index.csv", ",a,b,c,d,y\n0,1,2,3,4,0\n1,4,3,2,1,1\n");
        for (int i = 0; i < 2; i++)
        {
            (_, _, string error) = OptionBench.Run("evaluate", bench.Model, "--data", index, "--label", "y");
            Assert.Single(error.TrimEnd().Split('\n'));
            Assert.Contains("it is the index that pandas writes", error, StringComparison.Ordinal);
        }
    }
}
