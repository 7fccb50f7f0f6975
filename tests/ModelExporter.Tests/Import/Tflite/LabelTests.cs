using System.IO.Compression;
using ModelExporter.Graphs;
using ModelExporter.Import.Tflite;

namespace ModelExporter.Tests.Import.Tflite;

/// <summary>Class texts in TensorFlow Lite's metadata.</summary>
public class LabelTests
{
    [Theory]
    [InlineData("cat\ndog\nnone\n")]
    [InlineData("cat\r\ndog\r\nnone")]
    public void The_lines_of_the_file_for_the_axis_are_the_class_texts(string text)
    {
        Graph graph = Import([("labels.txt", "")], ("labels.txt", text));
        Assert.Equal(["cat", "dog", "none"], graph.Metadata.Labels);
        Assert.Empty(graph.Metadata.Notes);
    }

    [Fact]
    public void Of_several_languages_the_one_for_all_is_taken() =>
        Assert.Equal(["a", "b", "c"], Import([("de.txt", "de"), ("all.txt", "")], ("de.txt", "x\ny\nz"), ("all.txt", "a\nb\nc")).Metadata.Labels);

    [Theory]
    [InlineData("labels.txt", "cat\ndog", "has 2 lines for 3 classes")]
    [InlineData("labels.txt", "cat\n\ndog", "empty or there twice")]
    [InlineData("labels.txt", "cat\ndog\ncat", "empty or there twice")]
    [InlineData("other.txt", "cat\ndog\nnone", "cannot be read")]
    public void Labels_that_do_not_fit_are_left_out_and_said(string name, string text, string expected)
    {
        Graph graph = Import([("labels.txt", "")], (name, text));
        Assert.Empty(graph.Metadata.Labels);
        Assert.Contains(expected, Assert.Single(graph.Metadata.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_archive_and_with_two_languages_there_are_no_class_texts()
    {
        Assert.Contains("cannot be read", Assert.Single(Import([("labels.txt", "")]).Metadata.Notes), StringComparison.Ordinal);
        Assert.Contains("several languages", Assert.Single(Import([("de.txt", "de"), ("en.txt", "en")], ("de.txt", "x\ny\nz"), ("en.txt", "a\nb\nc")).Metadata.Notes), StringComparison.Ordinal);
        Assert.Empty(Import([]).Metadata.Notes);
    }

    private static Graph Import((string File, string Locale)[] named, params (string Name, string Text)[] files)
    {
        var model = new TfliteModelBuilder();
        model.Operator(TfliteOperatorCode.SOFTMAX, [model.Input(TfliteType.Float32, [1, 3])], [model.Output(TfliteType.Float32, [1, 3])], 9, (0, 1f));
        if (named.Length > 0)
        {
            model.Labels(named);
        }

        // Behind the model, offsets counted from its start, as TensorFlow Lite's tools append them.
        var stream = new MemoryStream();
        stream.Write(model.Build());
        if (files.Length > 0)
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach ((string name, string text) in files)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write(text);
            }
        }

        return TfliteImporter.Import(stream.ToArray(), "model.tflite");
    }
}
