using System.IO.Compression;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Tflite;

namespace EdgeInference.Tool.Tests.Import.Tflite;

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
    [InlineData("labels.txt", "cat\ndog", "has 2 lines but the model has 3 classes")]
    [InlineData("labels.txt", "cat\n\ndog", "empty or repeated")]
    [InlineData("labels.txt", "cat\ndog\ncat", "empty or repeated")]
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

    // The types are those of metadata_schema.fbs; 2 is TENSOR_AXIS_LABELS.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(-1)]
    public void A_file_of_another_type_holds_no_class_texts(int type)
    {
        (string, string)[] files = [("labels.txt", "a\nb\nc"), ("other.txt", "x\ny\nz")];
        Assert.Empty(Import(m => m.Associate(1, 1, ("other.txt", "", (byte)type)), files).Metadata.Labels);
        Assert.Empty(Import(m => m.Associate(1, 1, ("other.txt", "", (byte)type)), files).Metadata.Notes);
        Assert.Equal(["a", "b", "c"], Import(m => m.Associate(1, 1, ("other.txt", "", (byte)type), ("labels.txt", "", 2)), files).Metadata.Labels);
    }

    [Fact]
    public void The_only_labels_are_taken_in_whatever_language() =>
        Assert.Equal(["x", "y", "z"], Import([("de.txt", "de")], ("de.txt", "x\ny\nz")).Metadata.Labels);

    [Fact]
    public void Two_files_of_labels_for_all_languages_are_none() =>
        Assert.Contains("several languages", Assert.Single(Import([("a.txt", ""), ("b.txt", "")], ("a.txt", "x\ny\nz"), ("b.txt", "a\nb\nc")).Metadata.Notes), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(1, 2)]
    public void Metadata_of_no_subgraph_or_of_another_number_of_outputs_name_no_labels(int subgraphs, int outputs)
    {
        Graph graph = Import(m => m.Associate(subgraphs, outputs, ("labels.txt", "", 2)), ("labels.txt", "a\nb\nc"));
        Assert.Empty(graph.Metadata.Labels);
        Assert.Empty(graph.Metadata.Notes);
    }

    [Fact]
    public void Texts_that_differ_in_case_are_two_and_blanks_are_none()
    {
        Assert.Equal(["Cat", "cat", "CAT"], Import([("labels.txt", "")], ("labels.txt", "Cat\ncat\nCAT")).Metadata.Labels);
        Assert.Contains("empty or repeated", Assert.Single(Import([("labels.txt", "")], ("labels.txt", "Cat\n \nCAT")).Metadata.Notes), StringComparison.Ordinal);
    }

    // TensorFlow's converter writes this one into every file.
    [Fact]
    public void Other_metadata_before_those_of_labels_are_passed_over() => Assert.Equal(["a", "b", "c"], Import(
        m =>
        {
            m.Metadata("min_runtime_version", [.. "1.5.0"u8]);
            m.Labels(("labels.txt", ""));
        },
        ("labels.txt", "a\nb\nc")).Metadata.Labels);

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public void Metadata_in_a_buffer_that_is_not_there_are_refused(int beyond)
    {
        var model = new TfliteModelBuilder();
        model.Operator(TfliteOperatorCode.RELU, [model.Input(TfliteType.Float32, [2])], [model.Output(TfliteType.Float32, [2])]);
        model.Metadata("TFLITE_METADATA", beyond < 0 ? -1 : model.Buffers);
        Assert.Contains("has metadata 'TFLITE_METADATA' in buffer", Assert.Throws<InputException>(() => TfliteImporter.Import(model.Build(), "x.tflite")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_two_outputs_has_no_class_texts() => Assert.Empty(Import(
        m =>
        {
            m.Labels(("labels.txt", ""));
            m.Operator(TfliteOperatorCode.RELU, [m.Input(TfliteType.Float32, [1, 3])], [m.Output(TfliteType.Float32, [1, 3])]);
        },
        ("labels.txt", "a\nb\nc")).Metadata.Labels);

    private static Graph Import((string File, string Locale)[] named, params (string Name, string Text)[] files) => Import(
        model =>
        {
            if (named.Length > 0)
            {
                model.Labels(named);
            }
        },
        files);

    private static Graph Import(Action<TfliteModelBuilder> describe, params (string Name, string Text)[] files)
    {
        var model = new TfliteModelBuilder();
        model.Operator(TfliteOperatorCode.SOFTMAX, [model.Input(TfliteType.Float32, [1, 3])], [model.Output(TfliteType.Float32, [1, 3])], 9, (0, 1f));
        describe(model);

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
