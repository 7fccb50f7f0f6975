using System.Globalization;
using System.Text;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Tables;

/// <summary>Second branches of reading tables and arrays: quotes, cultures, what is said of columns and labels, and when it is not.</summary>
public sealed class TableEdgeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-table-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("\"a\nb\",y\r\n1,0\r\n2,1\r\n", new[] { 3, 4 })] // a header over two lines
    [InlineData("a,y\n1,\"0\n\"\n2,1\n", new[] { 3, 4 })] // a label over two lines: the row ends on the second
    [InlineData("a,y\n\n1,0\n\n\n2,1\n", new[] { 3, 6 })]
    [InlineData("a,y\r1,0\r2,1\r", new[] { 2, 3 })] // old Mac ends of lines
    public void Line_numbers_are_those_of_the_file(string text, int[] lines) => Assert.Equal(lines, CsvTexts.Lines(Cells(text)));

    [Theory]
    [InlineData("#a,y\n#1,0\n", "#a", "#1")] // no comments
    [InlineData("\" a \",y\n\" 1 \",0\n", " a ", " 1 ")] // spaces within quotes stay
    [InlineData("a,y\n5\" pipe,0\n", "a", "5\" pipe")] // a quote within a cell is a quote
    [InlineData("a,y\n\"5\"\" pipe\",0\n", "a", "5\" pipe")]
    [InlineData("größe,y\n大,0\n", "größe", "大")]
    [InlineData("a;b,y\n1;x,0\n", "a;b", "1;x")]
    public void Cells_are_taken_as_they_are(string text, string header, string cell)
    {
        CsvFile cells = Cells(text);
        Assert.Equal([header, "y"], cells.Header);
        Assert.Equal([cell, "0"], CsvTexts.Rows(cells).Single());
    }

    [Fact]
    public void UTF16_with_its_mark_is_read_too()
    {
        File.WriteAllText(InFolder("t.csv"), "größe,y\n1,0\n", Encoding.Unicode);
        Assert.Equal(["größe", "y"], CsvFile.Open(InFolder("t.csv")).Header);
    }

    [Fact]
    public void Tables_and_arrays_do_not_depend_on_the_culture()
    {
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        german.NumberFormat.NumberGroupSeparator = ".";
        german.NumberFormat.NegativeSign = "~";
        german.TextInfo.ListSeparator = ";";
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = german;
        try
        {
            LabelledTable table = CsvTable.ReadLabelled(Write("a,b,y\n1.5,-2,10\n-0.25,1e-3,9.50\n"), "y");
            Assert.Equal([[1.5f, -2f], [-0.25f, 0.001f]], table.Rows);
            Assert.Equal(["9.5", "10"], table.Classes);
            Assert.Equal([1, 0], table.Labels);
            Assert.Equal(["1", "2", "3"], CsvFile.Open(Write("1.5,2,3\n"), hasHeader: false).Header);
            Assert.Contains("begins with a row of numbers", Assert.Throws<InputException>(() => Cells("1.5,-2\n1,2\n")).Message, StringComparison.Ordinal);
            Assert.Equal([[1.5f]], CsvTable.Read(Write("a\n\"1,5\"\n")).Rows);
            Assert.Equal([[1.5f]], CsvTable.Read(Write("a\n1.5\n")).Rows);
            Assert.Equal(1, ClassMatch.Find("-1.0", ["1.5", "-1"]));
            Assert.Equal([2, 1], NpyFile.Parse(NpyFile.Write([2, 1], [1f, -2f]), "x.npy").Shape);
            EdgeInference.ModelTraining.TrainingProgress[] history = [new(1, 1, 1.0 / 3, -0.5)];
            string text = EdgeInference.Tool.Report.TrainingHistory.Write(history);
            Assert.Equal("epoch,training_loss,validation_loss\n1,0.3333333333333333,-0.5\n", text);
            Assert.Equal(-0.5, EdgeInference.Tool.Report.TrainingHistory.Read(Write(text)).Single().ValidationLoss);
            Assert.Equal(1f / 3, EdgeInference.Tool.Report.TrainingHistory.Read(Write(text)).Single().TrainingLoss);
            Assert.Equal("cost:2.5", ThresholdObjective.Parse("cost:2.5").ToString());
            Assert.Equal(("0.5000", "12.5%", "-1.5", "0.001234"), (EdgeInference.Tool.Report.Charts.Html.Rate(0.5), EdgeInference.Tool.Report.Charts.Html.Percent(12.5), EdgeInference.Tool.Report.Charts.Html.Coordinate(-1.5), EdgeInference.Tool.Report.Charts.Html.Short(0.001234)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_history_without_epochs_has_two_columns() =>
        Assert.Equal("epoch,training_loss\n", EdgeInference.Tool.Report.TrainingHistory.Write([]));

    [Theory]
    [InlineData("a,b,c,d,e,f,g,h\n1,2,3,4,5,6,7,8\n", "its columns are a, b, c, d, e, f, g, h.")]
    [InlineData("a,b,c,d,e,f,g,h,i\n1,2,3,4,5,6,7,8,9\n", "its columns are a, b, c, d, e, f, g, h, ….")]
    public void Up_to_eight_columns_are_listed(string text, string sentence) =>
        Assert.EndsWith(sentence, Assert.Throws<InputException>(() => Cells(text).LabelColumn("target")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Unnamed: 0\n1\n", false)] // one column is the data
    [InlineData("Unnamed: 0,a\n1,2\n", true)]
    [InlineData("\"\",a\n1,2\n", true)]
    [InlineData("a,Unnamed: 0\n1,2\n", false)]
    [InlineData("index,a\n1,2\n", false)]
    public void Only_a_nameless_first_column_of_several_is_an_index(string text, bool isIndex) => Assert.Equal(isIndex, Cells(text).HasIndexColumn);

    [Fact]
    public void An_index_is_no_feature_also_of_a_table_without_labels()
    {
        string path = Write(",a,b\n0,1,2\n1,3,4\n");
        Said(() =>
        {
            Table table = CsvTable.Read(path);
            Assert.Equal(["a", "b"], table.Names);
            Assert.Equal([[1f, 2f], [3f, 4f]], table.Rows);
            Assert.Equal(["b"], CsvTable.Read(path, "a").Names);
            Assert.Equal(["a", "b"], CsvTable.Read(path, "absent").Names);
            Assert.Equal(["b"], CsvTable.ReadLabelled(path, "a").Names);
        });
    }

    [Theory]
    [InlineData("a,y\n1,0\n,\n", "1 blank row at the end is left out.")]
    [InlineData("a,y\n1,0\n,\n,\n", "2 blank rows at the end are left out.")]
    [InlineData("a,y\n1,0\n", "")]
    [InlineData("a,y\n1,0\n\n\n", "")] // empty lines are no rows
    public void Blank_rows_at_the_end_are_said(string text, string sentence)
    {
        string said = Said(() => Assert.Single(CsvTexts.Rows(Cells(text))));
        Assert.Equal(sentence.Length == 0 ? "" : $"'{InFolder("t.csv")}': {sentence}", said);
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "")]
    [InlineData("b,a\n1,2\n", "")]
    [InlineData("a,x,b\n1,2,3\n", "the column 'x' is left out, since the model has no such feature.")]
    [InlineData("a,x,b,z\n1,2,3,4\n", "the columns 'x', 'z' are left out, since the model has no such features.")]
    [InlineData("A,b\n1,2\n", "the column 'A' is taken as the model's feature 'a'.")]
    [InlineData(",a,b\n0,1,2\n", "the first column, which has no name, is ignored: it is the index that pandas writes.")]
    [InlineData("Unnamed: 0,a,b\n0,1,2\n", "the first column, 'Unnamed: 0', is ignored: it is the index that pandas writes.")]
    public void What_is_not_exact_is_said_of_columns_by_name(string text, string sentence) =>
        Assert.Equal(sentence.Length == 0 ? "" : $"'{InFolder("t.csv")}': {sentence}", Said(() => ColumnMatch.Of(Cells(text), -1, ["a", "b"], 2)));

    [Fact]
    public void An_index_beside_other_columns_is_said_as_such()
    {
        string[] said = Said(() => ColumnMatch.Of(Cells(",a,x,b\n0,1,2,3\n"), -1, ["a", "b"], 2)).Split('\n');
        Assert.Equal(2, said.Length);
        Assert.Contains("index that pandas writes", said[0], StringComparison.Ordinal);
        Assert.Contains("the column 'x' is left out", said[1], StringComparison.Ordinal);

        // A feature of that name is one.
        Assert.Equal("", Said(() => Assert.Equal([0, 1], ColumnMatch.Of(Cells("Unnamed: 0,b\n1,2\n"), -1, ["Unnamed: 0", "b"], 2))));
    }

    [Theory]
    [InlineData(new string[0], true, "since the model has no names for its inputs.")]
    [InlineData(new[] { "a", "b" }, false, "since it is read without a header.")]
    [InlineData(new[] { "a" }, true, "since the model has no names for its inputs.")]
    public void The_reason_for_taking_columns_by_position_is_said(string[] names, bool header, string reason) =>
        Assert.EndsWith($"columns are taken by position, {reason}", Said(() => Assert.Equal([0, 1], ColumnMatch.Of(CsvFile.Open(Write("p,q\n1,2\n"), header), -1, names, 2))), StringComparison.Ordinal);

    [Theory]
    [InlineData("x,y,z\n1,2,3\n", new[] { "temp", "flow" }, "has no column 'temp', which the model needs as feature 1 of 2 (nor 'flow'); its other columns are 'x', 'y', 'z'; add or rename it.")]
    [InlineData("a,q,r,s,t,u\n1,2,3,4,5,6\n", new[] { "a", "bbbb" }, "has no column 'bbbb', which the model needs as feature 2 of 2; its other columns are 'q', 'r', 's', 't' and 1 more; add or rename it.")]
    [InlineData("a\n1\n", new[] { "a", "bbbb" }, "has no column 'bbbb', which the model needs as feature 2 of 2; add it.")]
    [InlineData("a\n1\n", new[] { "b1", "c2", "d3", "e4", "f5", "g6" }, "as feature 1 of 6 (nor 'c2', 'd3', 'e4', 'f5' and 1 more);")]
    [InlineData("A,temp\n1,2\n", new[] { "a", "tmp" }, "has no column 'tmp', which the model needs as feature 2 of 2; 'temp' is the closest; rename it.")]
    public void A_missing_column_is_named_with_what_could_be_meant(string text, string[] names, string sentence)
    {
        string message = "";
        Said(() => message = Assert.Throws<InputException>(() => ColumnMatch.Of(Cells(text), -1, names, names.Length)).Message);
        Assert.Contains(sentence, message, StringComparison.Ordinal);
    }

    // An exact name takes its column first; a loose one cannot take it again.
    [Fact]
    public void An_exact_column_is_not_taken_loosely_by_another_feature()
    {
        string message = "";
        Said(() => message = Assert.Throws<InputException>(() => ColumnMatch.Of(Cells("a_b,c\n1,2\n"), -1, ["a_b", "A B"], 2)).Message);
        Assert.Contains("has no column 'A B'", message, StringComparison.Ordinal);
        Said(() => Assert.Equal([1, 0], ColumnMatch.Of(Cells("AB,a_b\n1,2\n"), -1, ["a_b", "A B"], 2)));

        // The label is not taken loosely either.
        Said(() => message = Assert.Throws<InputException>(() => ColumnMatch.Of(Cells("A,b\n1,2\n"), 0, ["a", "b"], 2)).Message);
        Assert.Contains("has no column 'a'", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("off\non\n", "")]
    [InlineData("OFF\non\n", "'OFF' is taken as the class 'off'.")]
    [InlineData("OFF\nOn\n", "'OFF' is taken as the class 'off', 'On' is taken as the class 'on'.")]
    [InlineData("0\n1\n", "label 0 is taken as off, 1 as on.")]
    [InlineData("1\n1\n", "label 0 is taken as off, 1 as on.")]
    [InlineData("off\nOFF\n", "'OFF' is taken as the class 'off'.|the labels 'off', 'OFF' are taken as one class, 'off'.")]
    public void What_is_not_exact_is_said_of_labels(string labels, string sentences)
    {
        string said = Said(() => ClassMatch.Labels(Cells("y\n" + labels), 0, new ModelColumns(1, [], ["off", "on"], 2, false)));
        Assert.Equal(sentences.Length == 0 ? [] : sentences.Split('|').Select(sentence => $"'{InFolder("t.csv")}': {sentence}"), said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData(2, "0\n1\n2\n", "line 4: the label '2' in column 'y' is not a class: the model has no texts for its 2 classes, so labels must be 0 to 1; 3 different labels look like a regression or the data of another model; if they")]
    [InlineData(2, "0\n7\n", "line 3: the label '7' in column 'y' is not a class: the model has no texts for its 2 classes, so labels must be 0 to 1; if they are class texts, give them in the model's order with --classes.")]
    [InlineData(3, "0\n1\n-1\n", "the label '-1' in column 'y' is not a class: the model has no texts for its 3 classes, so labels must be 0 to 2; if they")]
    [InlineData(2, "0\n0.5\n", "the label '0.5' in column 'y' is not a class")]
    [InlineData(2, "0\nno\n", "the label 'no' in column 'y' is not a class")]
    public void A_label_without_a_class_is_named_with_its_line(int classes, string labels, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<InputException>(() => ClassMatch.Labels(Cells("y\n" + labels), 0, new ModelColumns(1, [], [], classes, false))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_text_far_from_all_classes_has_no_nearest()
    {
        var model = new ModelColumns(1, [], ["off", "on"], 2, false);
        string far = Assert.Throws<InputException>(() => ClassMatch.Labels(Cells("y\nelephant\n"), 0, model)).Message;
        Assert.EndsWith("is not one of the model's classes, 'off', 'on'; correct it, or use --classes to name the data's label for each class.", far, StringComparison.Ordinal);
        string given = Assert.Throws<InputException>(() => ClassMatch.Labels(Cells("y\nhott\n"), 0, new ModelColumns(1, [], [], 2, false), ["cold", "hot"])).Message;
        Assert.Contains("is not one of the model's classes, 'cold', 'hot'; the nearest is 'hot';", given, StringComparison.Ordinal);
    }

    // Where a class's own text is a number, numbers are texts and not positions.
    [Fact]
    public void Positions_are_taken_only_where_no_class_is_a_number()
    {
        var mixed = new ModelColumns(1, [], ["off", "0"], 2, false);
        Said(() => Assert.Equal([1, 1], ClassMatch.Labels(Cells("y\n0\n0\n"), 0, mixed).Labels));
        Assert.Throws<InputException>(() => ClassMatch.Labels(Cells("y\n0\n1\n"), 0, mixed));

        // Given texts are texts too.
        var named = new ModelColumns(1, [], ["off", "on"], 2, false);
        Said(() => Assert.Equal([1, 0], ClassMatch.Labels(Cells("y\n0\n1\n"), 0, named, ["1", "0"]).Labels));
        Said(() => Assert.Equal(["1", "0"], ClassMatch.Labels(Cells("y\n0\n1\n"), 0, named, ["1", "0"]).Classes));
    }

    [Fact]
    public void Labelled_rows_are_in_the_model_s_order_with_its_names()
    {
        var model = new ModelColumns(2, ["a", "b"], ["off", "on"], 2, true);
        LabelledTable table = null!;
        Said(() => table = ClassMatch.Read(Cells("b,y,a\n1,on,2\n,off,4\n"), "y", model));
        Assert.Equal(["a", "b"], table.Names);
        Assert.Equal([[2f, 1f], [4f, float.NaN]], table.Rows);
        Assert.Equal([1, 0], table.Labels);
        Said(() => table = ClassMatch.Read(Cells("b,y,a\n1,on,2\n3,off,4\n"), "y", model with { FeatureNames = [] }));
        Assert.Equal(["b", "a"], table.Names);
        Assert.Equal([[1f, 2f], [3f, 4f]], table.Rows);
        Said(() => Assert.Contains("does not define what a missing value means", Assert.Throws<InputException>(() => ClassMatch.Read(Cells("b,y,a\n1,on,2\n,off,4\n"), "y", model with { AcceptsMissing = false })).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void An_order_of_labels_says_what_it_takes_loosely()
    {
        var table = new LabelledTable(["a"], [[1f], [2f]], [0, 1], ["off", "on"]);
        Assert.Equal("", Said(() => ClassMatch.InOrder(table, ["on", "off"])));
        Assert.Equal("--labels: 'ON' is taken as the class 'on'.", Said(() => ClassMatch.InOrder(table, ["ON", "off"])));
        var numbers = new LabelledTable(["a"], [[1f], [2f]], [0, 1], ["0", "1"]);
        Assert.Equal("", Said(() => Assert.Equal([1, 0], ClassMatch.InOrder(numbers, ["1.0", "0"]).Labels)));
    }

    [Fact]
    public void Classes_that_differ_only_by_case_or_spaces_are_said()
    {
        static LabelledTable Table(params string[] classes) => new(["a"], [[1f]], [0], classes);
        Assert.Equal("", Said(() => ClassMatch.SayAlike(Table("a", "b", "a_"))));
        Assert.Equal("The label column has 'A b', 'ab' as separate classes, which differ only in case or spaces; write them the same way if they are one class.", Said(() => ClassMatch.SayAlike(Table("A b", "ab", "c"))));
        Assert.Equal(2, Said(() => ClassMatch.SayAlike(Table("A", "B", "a", "b"))).Split('\n').Length);
    }

    [Fact]
    public void Rows_for_another_model_are_turned_to_its_features()
    {
        var columns = new ModelColumns(3, ["a", "b", "c"], [], 2, false);
        float[][] rows = [[1f, 2f, 3f], [4f, 5f, 6f]];
        Assert.Equal([[3f, 1f], [6f, 4f]], ComparedModel.Rows("o", columns, columns with { FeatureNames = ["c", "a"], Length = 2 }, rows, _ => []));
        Assert.Same(rows, ComparedModel.Rows("o", columns, columns, rows, _ => []));
        Assert.Same(rows, ComparedModel.Rows("o", columns, columns with { FeatureNames = [] }, rows, _ => []));
        Assert.Same(rows, ComparedModel.Rows("o", columns with { FeatureNames = [] }, columns, rows, _ => []));
        Assert.Contains("'o' takes the feature 'd', which this model does not have", Assert.Throws<InputException>(() => ComparedModel.Rows("o", columns, columns with { FeatureNames = ["a", "d", "c"] }, rows, _ => [])).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => ComparedModel.Rows("o", columns with { ClassTexts = ["x", "y"] }, columns with { ClassTexts = ["y", "x"] }, rows, _ => []));
    }

    [Fact]
    public void A_source_has_the_same_features_in_the_same_order_or_no_names()
    {
        var columns = new ModelColumns(2, ["a", "b"], ["x", "y"], 2, false);
        ComparedModel.CheckSource("o", columns, columns);
        ComparedModel.CheckSource("o", columns, columns with { FeatureNames = [] });
        Assert.Contains("'o' takes the features 'b', 'a' but this model takes 'a', 'b'", Assert.Throws<InputException>(() => ComparedModel.CheckSource("o", columns, columns with { FeatureNames = ["b", "a"] })).Message, StringComparison.Ordinal);
        Assert.Contains("'x' as class 1", Assert.Throws<InputException>(() => ComparedModel.CheckSource("o", columns, columns with { ClassTexts = ["y", "x"] })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 2, new[] { "p", "q" })] // inputs of one value each are features
    [InlineData(1, 1, new string[0])] // one input's name is no feature's
    [InlineData(1, 2, new string[0])]
    public void Names_of_single_inputs_are_the_features(int inputs, int length, string[] expected)
    {
        var graph = new Graph();
        for (int i = 0; i < inputs; i++)
        {
            graph.Inputs.Add(new Value(i == 0 ? "p" : "q", TensorType.Float32, 1, length / inputs));
        }

        graph.Outputs.Add(new Value("r", TensorType.Float32, 1, 3));
        graph.Metadata = graph.Metadata with { Labels = ["x", "y", "z"] };
        var columns = ModelColumns.Of(graph);
        Assert.Equal(expected, columns.FeatureNames);
        Assert.Equal((length, 3, false), (columns.Length, columns.ClassCount, columns.AcceptsMissing));
        Assert.Equal(["x", "y", "z"], columns.ClassTexts);
        Assert.True(ModelColumns.KnowsClasses(graph));
        graph.Metadata = graph.Metadata with { InputNames = [.. Enumerable.Range(0, length).Select(i => $"n{i}")] };
        Assert.Equal(graph.Metadata.InputNames, ModelColumns.Of(graph).FeatureNames);
        graph.Outputs.Add(graph.Outputs[0]);
        Assert.False(ModelColumns.KnowsClasses(graph));
        Assert.Equal(6, ModelColumns.Of(graph).ClassCount);
    }

    [Fact]
    public void A_loaded_model_s_names_are_taken_where_they_are_one_each()
    {
        foreach ((string[] names, string[] expected) in new (string[], string[])[] { (["a", "b"], ["a", "b"]), (["a", "a"], []) })
        {
            using EdgeModel model = Report.ReportCase.Identity(2, builder =>
            {
                builder.AddTextList(MetadataKey.InputNames, names);
                builder.AddTextList(MetadataKey.Labels, ["no", "yes"]);
            });
            Assert.Equal(expected, ModelColumns.Of(model).FeatureNames);
            Assert.Equal(["no", "yes"], ModelColumns.Of(model).ClassTexts);
        }
    }

    [Theory]
    [InlineData("r.NPY", true)]
    [InlineData("r.npy", true)]
    [InlineData("npy", false)]
    [InlineData("r.npy.csv", false)]
    public void An_array_is_known_by_its_ending(string name, bool isArray) => Assert.Equal(isArray, SampleReader.IsArray(name));

    [Fact]
    public void Rows_are_read_by_name_by_position_and_without_a_column()
    {
        string path = Write("b,a,y\n1,2,9\n3,4,9\n");
        Said(() =>
        {
            Assert.Equal([[2f, 1f], [4f, 3f]], SampleReader.Read(path, 2, ["a", "b"]));
            Assert.Equal([[1f, 2f], [3f, 4f]], SampleReader.Read(path, 2, [], "y"));
            Assert.Equal([[1f, 2f], [3f, 4f]], SampleReader.Read(path, 2, ["a"], "y")); // one name of two is none
            Assert.Equal([[1f, 2f, 9f], [3f, 4f, 9f]], SampleReader.Read(path, 3, [], "absent"));
            Assert.Contains("has no column 'y'", Assert.Throws<InputException>(() => SampleReader.Read(path, 2, ["a", "y"], "y")).Message, StringComparison.Ordinal);
            Assert.Equal([[1f, 2f, 9f]], SampleReader.Read(Write("1,2,9\n"), new ModelColumns(3, ["a", "b", "c"], [], 2, false), format: new CsvOptions { HasHeader = false }));
        });
    }

    [Fact]
    public void Arrays_in_the_order_of_Fortran_with_three_axes_are_turned_around()
    {
        // numpy.arange(24).reshape(2, 3, 4) in Fortran order: element (i, j, k) lies at i + 2 j + 6 k.
        float[] data = new float[24];
        for (int i = 0; i < 2; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                for (int k = 0; k < 4; k++)
                {
                    data[i + (2 * j) + (6 * k)] = (12 * i) + (4 * j) + k;
                }
            }
        }

        byte[] bytes = Npy(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3, 4), }", [.. data.SelectMany(BitConverter.GetBytes)]);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (float)i), NpyFile.Parse(bytes, "x.npy").Data);
    }

    [Fact]
    public void Versions_2_and_3_have_four_bytes_of_length_and_a_scalar_has_no_axis()
    {
        byte[] one = BitConverter.GetBytes(7f);
        foreach (int version in new[] { 1, 2, 3 })
        {
            (int[] shape, float[] data) = NpyFile.Parse(Npy(version, "{'descr': '<f4', 'fortran_order': False, 'shape': (), }", one), "x.npy");
            Assert.Empty(shape);
            Assert.Equal([7f], data);
        }

        File.WriteAllBytes(InFolder("scalar.npy"), Npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (), }", one));
        Assert.Contains("has the shape (), expected rows of 1 values", Assert.Throws<InputException>(() => SampleReader.Read(InFolder("scalar.npy"), new ModelColumns(1, [], [], 2, false))).Message, StringComparison.Ordinal);

        // More data than the shape says is left alone, and a length of its own past the end is refused.
        Assert.Equal([7f], NpyFile.Parse(Npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", [.. one, 1, 2]), "x.npy").Data);
        byte[] cut = Npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }", []);
        Assert.Empty(NpyFile.Parse(cut, "x.npy").Data);
        cut[8]++;
        Assert.Contains("ends inside its header", Assert.Throws<InputException>(() => NpyFile.Parse(cut, "x.npy")).Message, StringComparison.Ordinal);
        cut[5] = (byte)'X';
        Assert.Contains("is not a .npy file", Assert.Throws<InputException>(() => NpyFile.Parse(cut, "x.npy")).Message, StringComparison.Ordinal);
        Assert.Equal("File 'absent.npy' not found; check the path.", Assert.Throws<InputException>(() => NpyFile.Read("absent.npy")).Message);
    }

    private static string Said(Action act)
    {
        using var error = new StringWriter();
        RoutedConsole.During(null, error, () =>
        {
            // Nothing of an earlier test counts as said.
            EdgeInference.Tool.Commands.Terminal.Use(json: false);
            act();
            return 0;
        });
        return error.ToString().ReplaceLineEndings("\n").TrimEnd('\n');
    }

    private CsvFile Cells(string text) => CsvFile.Open(Write(text));

    private string Write(string text)
    {
        File.WriteAllBytes(InFolder("t.csv"), Encoding.UTF8.GetBytes(text));
        return InFolder("t.csv");
    }

    private string InFolder(string name) => Path.Combine(folder, name);

    private static byte[] Npy(int version, string header, byte[] data)
    {
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes((uint)header.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. data];
    }
}
