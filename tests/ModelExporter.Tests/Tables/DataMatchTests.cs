using System.Buffers.Binary;
using System.Text;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Tables;

/// <summary>Which column is which feature, which label is which class, and what an array holds.</summary>
public sealed class DataMatchTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-match-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("Heart Rate", "heart_rate", true)]
    [InlineData("heartRate", "HEART RATE", true)]
    [InlineData(" x_1", "X1", true)]
    [InlineData("x1_1", "x11", false)]
    [InlineData("x1 1", "x1_1", true)]
    [InlineData("x1__1", "x1_1", true)]
    [InlineData("a_1", "a1", true)]
    [InlineData("a_12", "a12", true)]
    [InlineData("1 23_4", "1_23 4", true)]
    [InlineData("1_234", "1_23 4", false)]
    [InlineData("1_a", "1a", true)]
    [InlineData("a-b", "ab", false)]
    public void Names_match_loosely_by_letters_and_digits(string a, string b, bool match)
    {
        Assert.Equal(match, NameMatch.Key(a) == NameMatch.Key(b));
        Assert.Equal(match ? [1] : [], NameMatch.Loose(a, ["other", b]));
    }

    [Fact]
    public void A_name_without_letters_matches_nothing_loosely()
    {
        Assert.Empty(NameMatch.Loose("_ _", ["", "_", "x"]));
        Assert.Equal(-1, NameMatch.Exact("A", ["a"]));
        Assert.Equal(0, NameMatch.Exact("a", ["a", "a"]));
    }

    [Theory]
    [InlineData(2, "'a', 'b'")]
    [InlineData(3, "'a', 'b', (no name)")]
    [InlineData(4, "'a', 'b', (no name) and 1 more")]
    [InlineData(5, "'a', 'b', (no name) and 2 more")]
    public void A_list_says_how_many_more_there_are(int count, string expected) =>
        Assert.Equal(expected, NameMatch.List([.. new[] { "a", "b", "", "d", "e" }.Take(count)], 3));

    [Theory]
    [InlineData("yes", 0)]
    [InlineData("YES", 0)]
    [InlineData("y es", 0)]
    [InlineData("1", 1)]
    [InlineData("1.0", 1)]
    [InlineData("2", -1)]
    [InlineData("maybe", -1)]
    [InlineData("Twin", 3)]
    [InlineData("TWIN", -1)] // two classes are meant alike
    public void A_class_is_found_exactly_by_value_or_by_letters(string text, int expected) =>
        Assert.Equal(expected, ClassMatch.Find(text, ["yes", "1", "twin", "Twin"]));

    [Fact]
    public void Features_are_taken_by_name_and_by_position_without_names()
    {
        CsvFile cells = Cells("c,y,A,b\n1,2,3,4\n");
        Assert.Equal([2, 3, 0], ColumnMatch.Of(cells, 1, ["a", "b", "c"], 3));
        Assert.Equal([0, 2, 3], ColumnMatch.Of(cells, 1, [], 3));
        Assert.Equal([0, 2, 3], ColumnMatch.Of(Cells("c,y,A,b\n1,2,3,4\n", hasHeader: false), 1, ["a", "b", "c"], 3));
        Assert.Contains("has 3 feature columns but the model takes 2", Fault(cells, [], 2), StringComparison.Ordinal);
        Assert.Contains("has no column 'd', which the model needs as feature 2 of 3 (nor 'e')", Fault(cells, ["a", "d", "e"], 3), StringComparison.Ordinal);
        Assert.Contains("'bb' is the closest; rename it", Fault(Cells("a,bb,y\n1,2,3\n"), ["a", "b"], 2, label: 2), StringComparison.Ordinal);
        Assert.Contains("add it", Fault(Cells("a,y\n1,2\n"), ["a", "b"], 2), StringComparison.Ordinal);

        // The label is no feature, whatever its name.
        Assert.Contains("has no column 'y'", Fault(cells, ["c", "y", "b"], 3), StringComparison.Ordinal);
    }

    [Fact]
    public void What_could_be_two_features_or_two_columns_is_refused()
    {
        Assert.Contains("could each be the model's feature 'a b'", Fault(Cells("A_B,AB,y\n1,2,3\n"), ["a b", "y2"], 2, label: 2), StringComparison.Ordinal);
        Assert.Contains("could be the model's feature 'a b', 'a_b'", Fault(Cells("AB,c,y\n1,2,3\n"), ["a b", "a_b"], 2, label: 2), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_of_a_model_without_texts_are_its_classes_numbers()
    {
        var model = new ModelColumns(1, ["a"], [], 3, false);
        (int[] labels, IReadOnlyList<string> classes) = ClassMatch.Labels(Cells("a,y\n1,2\n1,0\n1,2.0\n"), 1, model);
        Assert.Equal([2, 0, 2], labels);
        Assert.Equal(["0", "1", "2"], classes);
        Assert.Contains("line 3: the label '3' in column 'y' is not a class", Assert.Throws<InputException>(() => ClassMatch.Labels(Cells("a,y\n1,2\n1,3\n"), 1, model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_of_the_model_are_matched_and_numbers_are_its_positions()
    {
        var model = new ModelColumns(1, ["a"], ["off", "on"], 2, false);
        Assert.Equal([1, 0, 1], ClassMatch.Labels(Cells("a,y\n1,on\n1,off\n1,ON\n"), 1, model).Labels);
        Assert.Equal([1, 0], ClassMatch.Labels(Cells("a,y\n1,1\n1,0\n"), 1, model).Labels);
        Assert.Contains("not one of the model's classes", Assert.Throws<InputException>(() => ClassMatch.Labels(Cells("a,y\n1,on\n1,0\n"), 1, model)).Message, StringComparison.Ordinal);
        Assert.Contains("the nearest is 'off'", Assert.Throws<InputException>(() => ClassMatch.Labels(Cells("a,y\n1,of\n"), 1, model)).Message, StringComparison.Ordinal);

        // Where the texts are numbers themselves, a number is the class of that text.
        var turned = new ModelColumns(1, ["a"], ["1", "0"], 2, false);
        Assert.Equal([0, 1], ClassMatch.Labels(Cells("a,y\n1,1\n1,0\n"), 1, turned).Labels);
    }

    [Fact]
    public void Given_texts_stand_for_the_classes_in_their_order()
    {
        var model = new ModelColumns(1, ["a"], [], 2, false);
        CsvFile cells = Cells("a,y\n1,hot\n1,cold\n");
        Assert.Equal([1, 0], ClassMatch.Labels(cells, 1, model, ["cold", "hot"]).Labels);
        Assert.Equal([0, 1], ClassMatch.Labels(cells, 1, model, ["hot", "cold"]).Labels);
        Assert.Contains("3 texts but the model has 2", Assert.Throws<InputException>(() => ClassMatch.Labels(cells, 1, model, ["hot", "cold", "x"])).Message, StringComparison.Ordinal);
        var named = new ModelColumns(1, ["a"], ["cold", "hot"], 2, false);
        Assert.Contains("'hot' in a different position", Assert.Throws<InputException>(() => ClassMatch.Labels(cells, 1, named, ["hot", "cold"])).Message, StringComparison.Ordinal);
        Assert.Contains("'cold' in a different position", Assert.Throws<InputException>(() => ClassMatch.Labels(cells, 1, named, ["x", "cold"])).Message, StringComparison.Ordinal);
        Assert.Contains("'hot' in a different position", Assert.Throws<InputException>(() => ClassMatch.Labels(cells, 1, named, ["hot", "x"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_order_of_classes_moves_labels_with_them()
    {
        var table = new LabelledTable(["a"], [[1f], [2f], [3f]], [0, 1, 2], ["x", "y", "z"]);
        LabelledTable turned = ClassMatch.InOrder(table, ["z", "x", "Y"]);
        Assert.Equal(["z", "x", "y"], turned.Classes);
        Assert.Equal([1, 2, 0], turned.Labels);
        Assert.Equal(table.Rows, turned.Rows);
        Assert.Contains("names a class twice", Assert.Throws<InputException>(() => ClassMatch.InOrder(table, ["x", "x", "y"])).Message, StringComparison.Ordinal);
        Assert.Contains("'w' is not one of them", Assert.Throws<InputException>(() => ClassMatch.InOrder(table, ["x", "y", "w"])).Message, StringComparison.Ordinal);
        Assert.Contains("has 2 names but the label column has 3 classes", Assert.Throws<InputException>(() => ClassMatch.InOrder(table, ["x", "y"])).Message, StringComparison.Ordinal);
    }

    // Bytes as numpy.lib.format lays them out.
    [Theory]
    [InlineData("<f4", 4)]
    [InlineData("<f8", 8)]
    [InlineData("<f2", 2)]
    [InlineData("|i1", 1)]
    [InlineData("|u1", 1)]
    [InlineData("<i2", 2)]
    [InlineData("<u2", 2)]
    [InlineData("<i4", 4)]
    [InlineData("<u4", 4)]
    [InlineData("<i8", 8)]
    [InlineData("<u8", 8)]
    [InlineData("|b1", 1)]
    public void Arrays_of_every_number_type_are_read(string type, int size)
    {
        bool isSigned = type[1] is 'f' or 'i';
        // The top byte of an unsigned number is not a sign.
        double[] values = type[1] == 'b' ? [0, 1] : isSigned ? [-3, 100] : [200 * Math.Pow(256, size - 1), 3];
        byte[] data = [.. values.SelectMany(value => Bytes(type[1], size, value))];
        foreach (int version in new[] { 1, 2 })
        {
            (int[] shape, float[] read) = NpyFile.Parse(Npy(version, $"{{'descr': '{type}', 'fortran_order': False, 'shape': (2, 1), }}", data), "x.npy");
            Assert.Equal([2, 1], shape);
            Assert.Equal(values.Select(value => (float)value), read);
        }

        Assert.Contains("ends before its last element", Assert.Throws<InputException>(() => NpyFile.Parse(Npy(1, $"{{'descr': '{type}', 'fortran_order': False, 'shape': (2, 1), }}", data[..^1]), "x.npy")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "not a plain array")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "which are not numbers")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999, 99999, 99999, 99999), }", "more elements than it has bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3000000000,), }", "more elements than it has bytes")]
    public void What_is_no_array_of_numbers_is_refused(string header, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<InputException>(() => NpyFile.Parse(Npy(1, header, new byte[8]), "x.npy")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_written_array_begins_its_data_at_a_multiple_of_64()
    {
        foreach (int[] shape in new int[][] { [1], [2, 3], [12345, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1] })
        {
            float[] data = new float[shape.Aggregate((a, b) => a * b)];
            byte[] file = NpyFile.Write(shape, data);
            int start = 10 + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
            Assert.Equal(0, start % 64);
            Assert.Equal(file.Length, start + (4 * data.Length));
            Assert.Equal((byte)'\n', file[start - 1]);
            Assert.Equal(shape, NpyFile.Parse(file, "x.npy").Shape);
            Assert.Equal(shape.Length == 1, Encoding.ASCII.GetString(file, 10, start - 10).Contains("(1,)", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Rows_of_an_array_must_have_the_models_length_and_finite_values()
    {
        string path = Path.Combine(folder, "rows.npy");
        var model = new ModelColumns(3, [], [], 2, false);
        File.WriteAllBytes(path, NpyFile.Write([2, 3], [1, 2, 3, 4, 5, 6]));
        Assert.Equal([[1f, 2f, 3f], [4f, 5f, 6f]], SampleReader.Read(path, model));
        File.WriteAllBytes(path, NpyFile.Write([2, 1, 3], [1, 2, 3, 4, 5, 6]));
        Assert.Equal([[1f, 2f, 3f], [4f, 5f, 6f]], SampleReader.Read(path, model));
        File.WriteAllBytes(path, NpyFile.Write([3, 2], [1, 2, 3, 4, 5, 6]));
        Assert.Contains("has the shape (3, 2), expected rows of 3 values", Assert.Throws<InputException>(() => SampleReader.Read(path, model)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, NpyFile.Write([0, 3], []));
        Assert.Contains("expected rows of 3 values", Assert.Throws<InputException>(() => SampleReader.Read(path, model)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, NpyFile.Write([2, 3], [1, 2, 3, 4, float.NaN, 6]));
        Assert.Contains("': 'nan' is not a finite number but a missing value", Assert.Throws<InputException>(() => SampleReader.Read(path, model)).Message, StringComparison.Ordinal);
        Assert.Equal(float.NaN, SampleReader.Read(path, model with { AcceptsMissing = true })[1][1]);
        File.WriteAllBytes(path, NpyFile.Write([2, 3], [1, 2, 3, 4, float.PositiveInfinity, 6]));
        Assert.Throws<InputException>(() => SampleReader.Read(path, model with { AcceptsMissing = true }));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(5, 5)]
    public void One_output_decides_between_two_classes(int outputs, int classes)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, outputs], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, outputs], 64);
        builder.AddOperator(Opcode.Activation, [input], [output], [(int)ActivationKind.Sigmoid, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Probability);
        using EdgeModel model = EdgeModel.Load(builder.Build());
        var columns = ModelColumns.Of(model);
        Assert.Equal((outputs, classes, false), (columns.Length, columns.ClassCount, columns.AcceptsMissing));
        Assert.Empty(columns.FeatureNames);
        (int[] labels, _) = ClassMatch.Labels(Cells($"a,y\n1,0\n1,{classes - 1}\n"), 1, columns);
        Assert.Equal([0, classes - 1], labels);
    }

    [Fact]
    public void Names_of_which_one_stands_twice_or_is_missing_are_none()
    {
        var graph = new Graph();
        graph.Inputs.Add(new Value("x", TensorType.Float32, 1, 2));
        graph.Outputs.Add(graph.Inputs[0]);
        foreach ((string[] names, string[] expected) in new (string[], string[])[] { (["a", "b"], ["a", "b"]), (["a", "a"], []), (["a"], []), (["a", "b", "c"], []) })
        {
            graph.Metadata = graph.Metadata with { InputNames = names };
            Assert.Equal(expected, ModelColumns.Of(graph).FeatureNames);
        }
    }

    [Theory]
    [InlineData("x", "a", "a", "y", "'a' as class 0 but this model has it as class 1")]
    [InlineData("a", "x", "y", "a", "'a' as class 1 but this model has it as class 0")]
    [InlineData("a", "x", "a", "y", null)]
    [InlineData("x", "a", "y", "a", null)]
    public void A_class_in_another_place_is_not_compared(string first, string second, string otherFirst, string otherSecond, string? refusal)
    {
        var model = new ModelColumns(1, [], [first, second], 2, false);
        InputException? fault = Record.Exception(() => ComparedModel.CheckClasses("o.edge", model, model with { ClassTexts = [otherFirst, otherSecond] })) as InputException;
        Assert.Equal(refusal is null, fault is null);
        Assert.Contains(refusal ?? "", fault?.Message ?? "", StringComparison.Ordinal);
    }

    private static string Fault(CsvFile cells, string[] names, int length, int label = 1) => Assert.Throws<InputException>(() => ColumnMatch.Of(cells, label, names, length)).Message;

    private CsvFile Cells(string text, bool hasHeader = true)
    {
        string path = Path.Combine(folder, "t.csv");
        File.WriteAllText(path, text);
        return CsvFile.Open(path, hasHeader);
    }

    private static byte[] Npy(int version, string header, byte[] data)
    {
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes((uint)header.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. data];
    }

    private static byte[] Bytes(char kind, int size, double value) => (kind, size) switch
    {
        ('f', 8) => BitConverter.GetBytes(value),
        ('f', 4) => BitConverter.GetBytes((float)value),
        ('f', 2) => BitConverter.GetBytes((Half)value),
        ('i', _) => BitConverter.GetBytes((long)value)[..size],
        _ => BitConverter.GetBytes((ulong)value)[..size],
    };
}
